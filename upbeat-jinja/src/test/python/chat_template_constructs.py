"""Small templates, one construct each, that chat_template_goldens.py renders with jinja2."""

CONTEXT = {
    "text": "hello wORLD of-words",
    "lines": "one\n two\n\nthree",
    "empty": "",
    "number": 42,
    "negative": -7,
    "real": 3.14159,
    "yes": True,
    "nothing": None,
    "numbers": [3, 1, 2, 3],
    "words": ["b", "A", "c", "a"],
    "people": [
        {"name": "Bo", "age": 30, "home": {"town": "X"}},
        {"name": "al", "age": 25, "home": {"town": "Y"}},
        {"name": "Cy", "age": 30, "home": {"town": "X"}},
    ],
    "table": {"b": 2, "A": 1, "c": 3},
    "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}, {"v": 3, "kids": [{"v": 4, "kids": []}]}]}],
    "nested": {"list": [1, [2, {"k": "v"}]], "none": None, "flag": False, "real": 1.5},
    "html": "<b>\"a\" & 'b'</b>",
    "unicode": "Stra\u00dfe \u00c9cole \u0130 \U0001f44d",
}

VALUES = ["text", "lines", "empty", "number", "negative", "real", "yes", "nothing", "numbers", "words", "table", "missing"]
FILTERS = [
    "abs", "capitalize", "center(30)", "count", "default('d')", "default('d', true)", "d", "first", "float", "float(1.5)",
    "indent", "indent(2, true)", "indent(width='> ', blank=true)", "int", "int(9)", "items|list", "join", "join(', ')", "last",
    "length", "list", "lower", "max", "min", "reverse|list", "round", "string", "sum", "title", "tojson", "trim", "unique|list",
    "upper", "wordcount", "sort", "sort(reverse=true)", "sort(case_sensitive=true)", "escape", "safe", "replace('o', '0')",
    "replace('o', '0', 1)", "truncate(9)", "truncate(9, true, '')", "truncate(9, leeway=0)", "batch(2)|list", "slice(2)|list",
    "batch(3, 'x')|list", "slice(3, 'x')|list", "dictsort", "dictsort(by='value', reverse=true)", "striptags", "urlencode",
    "max(case_sensitive=true)",
]
TESTS = [
    "boolean", "callable", "defined", "divisibleby 3", "even", "false", "float", "in [42, 'hello']", "integer", "iterable",
    "lower", "mapping", "none", "number", "odd", "sequence", "string", "true", "undefined", "upper", "sameas none", "eq 42",
    "ne 42", "gt 1", "ge 42", "lt 3", "le 3", "escaped", "filter", "test", "== 42", "equalto 42",
]
METHODS = [
    "split()", "split('o')", "split('o', 1)", "rsplit('o', 1)", "rsplit(none, 1)", "rsplit()", "splitlines()", "splitlines(true)",
    "strip('hes')", "lstrip('he')", "rstrip('s')", "startswith('he')", "startswith(('x', 'he'))", "endswith('s')",
    "endswith('x', 1, 3)", "find('o')", "find('o', 5)", "find('o', 5, 6)", "rfind('o')", "index('o')", "rindex('o')", "index('zz')",
    "count('o')", "replace('o', '0')", "replace('', '.')", "replace('o', '', 1)", "upper()", "lower()", "title()", "capitalize()",
    "swapcase()", "casefold()", "center(30)", "center(31, '*')", "ljust(30, '.')", "rjust(30)", "zfill(30)", "partition(' ')",
    "rpartition(' ')", "partition('zz')", "rpartition('zz')", "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()",
    "islower()", "istitle()", "isascii()", "isnumeric()", "isdecimal()", "removeprefix('he')", "removesuffix('words')",
    "join(['a', 'b'])", "join('ab')", "format(1)", "nosuch()", "split('')", "startswith(1)",
]
EXPRESSIONS = """
'%s' % 'a' | '%s and %d' % ('a', 3) | '%5s|' % 'a' | '%-5s|' % 'a' | '%05d' % 42 | '%+d' % 3 | '%.2f' % 3.14159 | '%8.3f|' % 3.14159
'%x' % 255 | '%X' % 255 | '%o' % 8 | '%e' % 12345.678 | '%g' % 1234567.0 | '%g' % 0.0001 | '%%' % () | '%r' % 'a' | '%(a)s-%(b)03d' % {'a': 1, 'b': 2}
'%d' % 3.9 | '%d' % 'a' | '%s' % () | '%s %s' % 'a' | 'x' % 'a' | '%s' % [1, 2] | '%s' % ([1, 2],) | '%c' % 'x' | '%i' % true | '%.1f' % 0.25 | '%s' % none
'{}'.format(1) | '{} {}'.format('a', 2) | '{1}{0}'.format('a', 'b') | '{x}'.format(x=1) | '{:>5}|'.format('a') | '{:<5}|'.format('a') | '{:^5}|'.format('a')
'{:*^7}'.format('a') | '{:05d}'.format(42) | '{:,}'.format(1234567) | '{:.2f}'.format(3.14159) | '{:,.2f}'.format(1234567.891) | '{:.1%}'.format(0.256)
'{:x}'.format(255) | '{:#x}'.format(255) | '{:b}'.format(5) | '{:e}'.format(12345.678) | '{:+}'.format(3) | '{0[0]}'.format([7]) | '{0[a]}'.format({'a': 7})
'{{}}'.format() | '{'.format() | '}'.format() | '{}'.format() | '{!r}'.format('a') | '{!s:>3}'.format(1) | '{:{w}}|'.format('a', w=4) | '{:g}'.format(0.00001)
'{:s}'.format(1) | '{:d}'.format('a') | '{:.3}'.format('abcdef') | '{:10.3f}|'.format(2.0) | '{:_}'.format(12345) | '{:}'.format(1.0) | '{}'.format(none)
'%s'|format('a') | '%s-%s'|format(1, 2) | '%(a)s'|format(a=3) | 'x'|format(1)
1 + 2 * 3 | 7 // 2 | -7 // 2 | 7 % 3 | -7 % 3 | 7 % -3 | 2 ** 10 | 2 ** -1 | 2 ** 0.5 | 7 / 2 | 6 / 3 | 7.5 // 2 | -7.5 % 2 | 1 / 0 | 1 // 0 | 1 % 0 | 1.5 % 0
2 ** 3 ** 2 | -2 ** 2 | (-2) ** 2 | 1 + 1.0 | 10 - 2 - 3 | 2 * 'ab' | 'ab' * 2 | 'ab' * -1 | [1] * 3 | (1, 2) * 2 | 'a' ~ 1 ~ none | 'a' + 'b' | 'a' + 1 | [1] + [2] | (1,) + (2,)
1 < 2 < 3 | 1 < 3 < 2 | 1 == 1.0 | true == 1 | 'a' < 'b' | [1, 2] < [1, 3] | (1, 2) < (1,) | [1] < 2 | 1 in [1, 2] | 'a' in 'abc' | 1 not in [2] | 'a' in {'a': 1} | none in [none] | 1 in '1'
not true | not '' | true and 'x' | '' or 'y' | none or false | 1 if true else 2 | 1 if false | 'a' if '' else 'b' | (1 if false) is undefined
[1, 2, 3][0] | [1, 2, 3][-1] | [1, 2, 3][5] | [1, 2, 3][1:] | [1, 2, 3][::-1] | [1, 2, 3][:-1] | [1, 2, 3][::2] | 'hello'[1:3] | 'hello'[::-1] | 'hello'[-3:] | (1, 2, 3)[1:] | range(10)[2:5]|list | range(10)[::-3]|list | range(5)[::2]
{'a': 1}.a | {'a': 1}['a'] | {'a': 1}.b | {'a': 1}.items() | {'a': 1}.items()|list | {'a': 1}.keys()|list | {'a': 1}.keys() | {'a': 1}.values() | {'a': 1}.values()|list | {'a': 1}.get('a') | {'a': 1}.get('b') | {'a': 1}.get('b', 3)
{'a': 1}|length | dict(a=1, b=2) | dict({'a': 1}, b=2) | dict([('a', 1)]) | {'a': 1} == {'a': 1.0} | [1, [2, 3]] == [1, [2, 3]] | (1, 2) == [1, 2] | {'a': {'b': [1]}}['a']['b'][0]
[1, 2].append(3) | [1, 2].pop() | {'a': 1}.update({'b': 2}) | {'a': 1}.pop('a') | [2, 1].sort() | [1].extend([2]) | {'a': 1}.setdefault('a', 2) | [1, 2, 1].count(1) | [1, 2].index(2) | [1].index(3) | {'a': 1}.copy() | [1].copy() | (1, 2).count(1)
range(5)|list | range(2, 8, 3)|list | range(5, 0, -2)|list | range(0)|list | range(3) | range(1, 2) | range('a') | range(1000000)
1.0 | 1e3 | 1_000 | 1.50 | 100000000000000000000.0 | 1e-7 | 0.1 + 0.2 | 'a\\nb' | 'it\\'s' | "q\\"q" | ['it\\'s'] | ["a\\nb"] | (1,) | () | [] | {} | [none, true, 1.5, 'x'] | {'k': [1, (2,)]} | ''
42|round | 42.5|round | 43.5|round | 42.55|round(1) | 42.55|round(1, 'ceil') | 42.55|round(1, 'floor') | 1234|round(-2) | 1250|round(-2) | 1350|round(-2) | 2.675|round(2) | 3.7|round|int | 3|round(1, 'ceil') | 1.5|round(2, 'x') | 5.0|round(400)
'42'|int | ' 42 '|int | '42.9'|int | 'x'|int | 'x'|int(7) | '0x1F'|int(base=16) | '1F'|int(base=16) | '101'|int(base=2) | true|int | none|int | [1]|int | '1_000'|int | '-5'|int | '+5'|int | 3.99|int | -3.99|int | ''|int | '1e3'|int
'3.5'|float | 'x'|float | '1e3'|float | 3|float | none|float | '.5'|float | '5.'|float | ' 2.5 '|float | true|float
'a b  c'|wordcount | 'foo-bar baz'|title | "it's o'neil (x) [y] {z} <w>"|title | "it's o'neil"|title | 'ÉCOLE straße'|title | 'x y'.title() | "they're bill's".title() | 'a1b2'.title()
'abc'|first | 'abc'|last | ''|first | []|first | []|last | [1, 2]|last | {'a': 1}|first | range(3)|last | 'abc'|reverse | [1, 2]|reverse|list | 'abc'|list | {'a': 1}|list | (1, 2)|list
[1, 2, 3]|sum | [1.5, 2]|sum | []|sum | [1, 2]|sum(start=10) | [[1], [2]]|sum(start=[]) | ['a']|sum | people|sum(attribute='age') | people|sum('age')
people|map(attribute='name')|list | people|map(attribute='home.town')|join(',') | people|map(attribute='zip', default='-')|list | people|map(attribute='zip')|list | words|map('upper')|list | words|map('replace', 'a', 'z')|list | [[1, 2]]|map('join', '-')|list | numbers|map('string')|join | people|map(attribute='home')|map(attribute='town')|list | words|map('nosuch')|list | words|map()|list
people|selectattr('age', 'gt', 26)|map(attribute='name')|list | people|selectattr('home.town', 'equalto', 'X')|list|length | people|rejectattr('age', 'equalto', 30)|map(attribute='name')|list | people|selectattr('name')|list|length | numbers|select('odd')|list | numbers|reject('odd')|list | numbers|select|list | [0, 1, '', 'a']|select|list | numbers|select('greaterthan', 1)|list | people|selectattr('x', 'undefined')|list|length | people|selectattr('name', 'in', ['Bo'])|list|length | numbers|select('nosuch')|list | people|selectattr()|list
people|groupby('age')|list|length | people|sort(attribute='age')|map(attribute='name')|join | people|sort(attribute='age,name')|map(attribute='name')|join | people|sort(attribute='name')|map(attribute='name')|join | people|sort(attribute='name', case_sensitive=true)|map(attribute='name')|join | people|unique(attribute='age')|map(attribute='name')|join | people|min(attribute='age') | people|max(attribute='name') | [3, 'a']|sort | [none, 1]|sort | [[2], [1]]|sort | [[1], [1]]|unique|list | [1, 1.0, true, 'a', 'A']|unique|list
table|dictsort | table|dictsort(true) | table|dictsort(false, 'value') | table|dictsort(by='x') | table|dictsort(reverse=true) | numbers|dictsort | table|items|list | table|tojson | nested|tojson | nested|tojson(indent=2) | nested|tojson(sort_keys=true) | nested|tojson(separators=(',', ':')) | unicode|tojson | unicode|tojson(ensure_ascii=true) | html|tojson | missing|tojson | (1, 2)|tojson | [[], {}]|tojson(indent=1) | {'a': range(2)}|tojson | true|tojson
html|escape | html|e | html|safe | html|forceescape | html|striptags | 'a b/ü?&'|urlencode | html|escape|length | 'x'|attr('upper') is defined | table|attr('b') is defined | people[0]|attr('nosuch')
missing | missing.x | missing['x'] | missing|default('z') | missing|length | missing|list | missing|join | missing is defined | missing.x is defined | missing or 'q' | missing == missing2 | missing ~ 'a' | missing + 1 | missing() | missing|upper | missing is none | not missing | text.nosuch | text.nosuch is defined | text.nosuch.x | text['upper'] is defined | number.x | nothing.x | nothing is none | nothing|default('z') | nothing|default('z', true)
text is string | 3 is number | true is number | true is integer | 3.0 is float | [1] is sequence | 'a' is sequence | {'a': 1} is mapping | (1,) is sequence | none is sequence | 3 is iterable | 3 is divisibleby(3) | 3 is not odd | 'a' is in ['a'] | 3 is in (1, 3) | 'A' is upper | 'a1' is lower | '1' is lower | 1 is sameas true | none is sameas none | 'x' is nosuch | 5 is eq 5 | 5 is gt(3) | text is filter | 'upper' is filter | 'odd' is test
loop | loop.index | caller | varargs | cycler('a', 'b').next() | joiner('; ')() ~ 'x' | namespace(a=1).a | namespace(a=1).b | raise_exception('boom') | raise_exception(5) | nosuch(1) | number(1) | text(1) | strftime_now('%Y-%m-%d %H:%M:%S') | strftime_now('%d %b %Y, %A %B %y %j %I %p %%') | strftime_now('%-d/%-m')
dict(**table).b | dict(a=1, **{'b': 2}) | range(*[2, 4])|list | '{} {}'.format(*['a', 'b']) | '{x}'.format(**{'x': 1}) | range(*5)|list
'Straße'.upper() | 'İ'|lower|length | 'ß'|capitalize | 'ǆ'.title() | unicode|length | unicode[-1] | unicode|reverse | unicode.find('É') | unicode|list|length | unicode|center(30) | 'é'.isalpha() | '²'.isdigit() | '²'.isdecimal() | '½'.isnumeric() | '\\u00a0x\\u00a0'|trim | '\\u200bx'|trim|length
(1, 2, 3)|join('-') | [[1, 2], [3, 4]]|map('first')|list | [1, 2, 3]|batch(2, 0)|map('list')|list | numbers|slice(2)|map('list')|list | ''.join(['a', 'b']) | ','.join([1]) | ', '.join(words) | ','.join(missing) | 'a,b,c'.split(',')[-1] | 'a,b'.split(',')|last | 'x'.split(',') | ' a  b '.split() | ' a b c '.split(none, 1) | 'a\\r\\nb'.splitlines() | 'abc'.strip('ac') | '{{'.strip('{')
"""
STATEMENTS = [
    "{% for n in numbers %}{{ loop.index }}/{{ loop.length }}{{ ',' if not loop.last }}{% endfor %}",
    "{% for n in [] %}x{% else %}none{% endfor %}",
    "{% for n in numbers if n > 1 %}{{ n }}{{ loop.revindex }}{% endfor %}",
    "{% for k, v in table.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in table %}{{ k }}{% endfor %}",
    "{% for k, v in table|dictsort %}{{ k }}{{ v }}{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}",
    "{% for a, b in [1] %}{% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}{% endfor %}",
    "{% for n in numbers %}{% if loop.first %}{% continue %}{% endif %}{{ n }}{% if n == 2 %}{% break %}{% endif %}{% endfor %}",
    "{% for n in numbers %}{{ loop.cycle('a', 'b') }}{{ loop.changed(n) }}{% endfor %}",
    "{% for n in numbers %}{{ loop.previtem }}-{{ loop.nextitem|default('x') }};{% endfor %}",
    "{% for t in tree recursive %}{{ t.v }}({{ loop(t.kids) }}){{ loop.depth }}{% endfor %}",
    "{% for t in tree recursive %}{{ loop.depth0 }}{{ t.v }}{% if t.kids %}[{{ loop(t.kids) }}]{% endif %}{% endfor %}",
    "{% for t in tree %}{{ loop(t.kids) }}{% endfor %}",
    "{% for g in people|groupby('age') %}{{ g.grouper }}:{% for p in g.list %}{{ p.name }},{% endfor %};{% endfor %}",
    "{% for age, list in people|groupby('home.town') %}{{ age }}={{ list|length }} {% endfor %}",
    "{% for age, list in people|groupby('zip', default='?') %}{{ age }}={{ list|length }} {% endfor %}",
    "{% for row in numbers|batch(3, '-') %}{{ row|join(' ') }}/{% endfor %}",
    "{% for column in numbers|slice(3) %}{{ column }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=1) %}{% for i in numbers %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a, b = 1 %}",
    "{% set x %}block {{ number }}{% endset %}[{{ x }}]",
    "{% set x | upper | trim %} block {% endset %}[{{ x }}]",
    "{% set x | replace('b', 'B') %}abc{% endset %}{{ x }}",
    "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}",
    "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% with a, b = (1, 2) %}{{ a }}{% endwith %}",
    "{% filter upper %}abc {{ text }}{% endfilter %}",
    "{% filter indent(2) | upper %}a\nb{% endfilter %}",
    "{% filter nosuch %}a{% endfilter %}",
    "{% macro m(a, b='x') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(c=1) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}",
    "{% macro m(a) %}{{ varargs|join('+') }}{% endmacro %}{{ m(1, 2, 3) }}{{ m(1, x=2) }}",
    "{% macro m() %}{{ kwargs.x }}{% endmacro %}{{ m(x=5) }}",
    "{% macro m(x) %}<{{ caller() }}{{ x }}>{% endmacro %}{% call m(1) %}body{{ number }}{% endcall %}",
    "{% macro m() %}{{ caller('q') }}{% endmacro %}{% call(z) m() %}[{{ z }}]{% endcall %}",
    "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{% if caller %}{{ caller() }}{% else %}-{% endif %}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}",
    "{% macro fact(n) %}{% if n > 1 %}{{ n }}*{{ fact(n - 1) }}{% else %}1{% endif %}{% endmacro %}{{ fact(4) }}",
    "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% if false %}{{ x|nosuch }}{% endif %}ok",
    "{% if false %}{{ x is nosuch }}{% endif %}ok",
    "{% if false %}{{ nosuch() }}{{ x.nosuch() }}{% endif %}ok",
    "{% if true %}{{ x|nosuch }}{% endif %}",
    "{{ 'a' if true else (x|nosuch) }}",
    "{% if number == 42 %}a{% elif true %}b{% else %}c{% endif %}",
    "{%- if true -%}  a  {%- endif -%}  b",
    "a\n  {% if true %}\nb\n  {% endif %}\nc",
    "a\n  {%+ if true %}b{% endif +%}\nc",
    "{# comment #}a{#- trim -#} b",
    "{% raw %}{{ x }}{% endraw %}",
    "{{ '{{' }}{{ \"}}\" }}",
    "{% generation %}a{{ number }}{% endgeneration %}",
    "{% include 'x' %}",
    "{% if false %}{% include 'x' %}{% endif %}ok",
    "{% unknown %}",
    "{% for %}{% endfor %}",
    "{{ 1 +",
    "{% if %}{% endif %}",
    "{% set ns = namespace() %}{% set ns.a = [1] %}{% set ns.a = ns.a + [2] %}{{ ns.a }}",
    "{% set d = dict(table, z=9) %}{{ d }}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}",
    "{% set j = joiner() %}{% for n in numbers %}{{ j() }}{{ n }}{% endfor %}",
    "{% set x = numbers | sort | reverse | list %}{{ x[0] }}",
    "{{ people | selectattr('age', '>', 26) | map(attribute='name') | sort | join(' and ') }}",
    "{% for p in people | sort(attribute='home.town') %}{{ p.name }}{% endfor %}",
    "{% for line in lines.split('\\n') %}{{ loop.index }}:{{ line|trim }};{% endfor %}",
    "{% set ns = namespace(found=false) %}{% for n in numbers %}{% if n == 1 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}",
    "{{ numbers|length > 3 and text is string }}",
    "{{ table.b ~ table['A'] ~ table.get('q', '-') }}",
    "{%- for n in numbers -%}\n  {{ n }}\n{%- endfor %}",
]


def templates():
    seen = []
    for value in VALUES:
        seen += ["{{ %s|%s }}" % (value, f) for f in FILTERS]
        seen += ["{{ %s is %s }}" % (value, t) for t in TESTS]
    for value in ["text", "lines", "empty", "unicode"]:
        seen += ["{{ %s.%s }}" % (value, m) for m in METHODS]
    for line in EXPRESSIONS.strip().splitlines():
        seen += ["{{ %s }}" % e.strip() for e in line.split(" | ") if e.strip()]
    return list(dict.fromkeys(seen + STATEMENTS))
