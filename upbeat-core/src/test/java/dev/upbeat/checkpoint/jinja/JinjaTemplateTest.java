package dev.upbeat.checkpoint.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 7, 14, 5, 9);

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{% include 'x' %}       # the tag 'include'",
                "{% with a = 1 %}        # the tag 'with'",
                "{% call f() %}          # the tag 'call'",
                "{{ x | sort }}          # the filter 'sort'",
                "{{ x | map('sort') }}   # the filter 'sort'",
                "{{ x is sameas y }}     # the test 'sameas'",
                "{{ x | select('odds') }}# the test 'odds'",
                "{{ x.append(1) }}       # the method append()",
                "{{ 'a'.format(1) }}     # the method format()",
                "{{ lipsum() }}          # the name 'lipsum'",
                "{{ helper(1) }}         # the function helper()",
                "{{ f(*x) }}             # unpacking arguments with '*'",
                "{{ '\\N{DASH}' }}       # the escape \\N{...}",
                "{% for a in x recursive %}{% endfor %} # a recursive loop",
                "{{ strftime_now('%s') }}# the directive %s",
                "{{ 'a' % 1 }}           # a str % an int",
                "{{ 'abc'.upper }}       # a function cannot be written",
            })
    void aConstructThatIsNotSupportedIsRefusedByName(String template, String named) {
        assertThatThrownBy(() -> render("one\n" + template, Map.of("x", List.of(1))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(named.strip(), "line 2");
    }

    @Test
    void anUnknownConstructIsRefusedBeforeAnythingIsRendered() {
        for (String template : List.of("{% if false %}{{ x|sort }}{% endif %}", "{% if false %}{{ f() }}{% endif %}")) {
            assertThatThrownBy(() -> JinjaTemplate.parse(template)).isInstanceOf(BadInputException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{{ }}",
                "{{ 1 + }}",
                "{{ [1, 2 }}",
                "{{ 'abc }}",
                "{{ a b }}",
                "{% if x %}",
                "{% endif %}",
                "{% for x %}{% endfor %}",
                "{% set 1 = 2 %}",
                "{% set true = 2 %}",
                "{# open",
                "{% raw %} open",
                "{{ x is }}",
                "{{ x | }}",
                "{{ x. }}",
                "{{ f(a=1, 2) }}",
                "{{ {1} }}",
                "{% break %}",
                "{% macro m(a=1, b) %}{% endmacro %}",
                "{{ 12345678901234567890 }}",
                "{{ 1e999 }}",
                "{{ 007 }}",
                "{{ '\\x4' }}",
                "{{ ) }}",
                "{% %}",
                "{{ x ? y }}",
                "{{ a is string is string }}"
            })
    void aMalformedTemplateIsRefused(String template) {
        assertThatThrownBy(() -> JinjaTemplate.parse(template))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("the chat template cannot be used: line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ missing.x }}",
                "{{ missing + 1 }}",
                "{{ 1 / 0 }}",
                "{{ 'a' + 1 }}",
                "{{ none|length }}",
                "{{ 'a' in none }}",
                "{{ [][::0] }}",
                "{{ none[1:] }}",
                "{% for x in 5 %}{% endfor %}",
                "{% set a.b = 1 %}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ raise_exception('x') }}",
                "{{ namespace(_a=1) }}",
                "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
                "{{ {1: 2} }}",
                "{{ ('a' if false)|tojson }}",
                "{{ 'a' < 1 }}"
            })
    void whatPythonCannotComputeIsRefused(String template) {
        assertThatThrownBy(() -> render(template, Map.of("a", 1)))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("the chat template fails at line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Each would take for ever, or all memory, without its bound.
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for a in range(9999) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[], k=[]) %}{% for a in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.k = [ns.k, ns.k] %}"
                        + "{% endfor %}{{ ns.l == ns.k }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ 'x' * 999999999999 }}",
                "{{ [1] * 999999999999 }}",
                "{{ range(999999999999) }}",
                "{% set s = 'x' * 1000000 %}{{ s.replace('x', s) }}",
                "{% set s = 'x' * 1000000 %}{{ s.join(s|list) }}",
                "{% set s = 'x' * 1000000 %}{{ ([s] * 1000000)|tojson }}",
                "{% set s = 'x' * 8000000 %}{% for i in range(9999) %}{{ s.find('x' * 100 ~ 'y') }}{% endfor %}",
                "{{ []|tojson(indent=999999999) }}",
            })
    void aHostileTemplateIsStopped(String template) {
        assertThatThrownBy(() -> render(template, Map.of()))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching("(?s).*(more than|grows beyond|at most).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{'a': ",
                "not ",
                "-",
                "x if x else ",
                "x[",
                "f(",
                "x|default(",
                "x is in ",
                "{% if x %}",
                "{% for x in x %}",
                "{% macro f() %}",
                "{% set x %}",
                "{% generation %}",
                "x + ",
                "x|list|",
                "x.y.",
                "x ~ ",
                "x and ",
                "x < ",
                "'a' "
            })
    void deepNestingIsRefusedNotOverflown(String opening) {
        for (int depth : new int[] {150, 100_000}) {
            String repeated = opening.repeat(depth);
            String template = opening.startsWith("{%") ? repeated : "{{ " + repeated + "x }}";
            try {
                render(template, Map.of("x", 1));
            } catch (BadInputException refused) {
                assertThat(refused).hasMessageStartingWith("the chat template");
            }
        }
    }

    /** The dullest right answers, for functions with a fast path of their own. */
    @Test
    void searchingWithLongPartsFindsWhatTheJdkFinds() {
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            String text = letters(random, random.nextInt(400));
            String part = letters(random, 1 + random.nextInt(3)).repeat(1 + random.nextInt(90));
            int from = random.nextInt(text.length() + 1);
            assertThat(new Strings.Finder(part).find(text, from)).isEqualTo(text.indexOf(part, from));
            String inside = part.length() > 65 ? text + part.substring(0, 66) + text : text + part;
            String sought = part.substring(0, Math.min(66, part.length()));
            assertThat(new Strings.Finder(sought).find(inside, 0)).isEqualTo(inside.indexOf(sought));
        }
    }

    @Test
    void onlyTheDeclaredExceptionLeavesAMutatedTemplate() throws IOException {
        List<String> seeds = new ArrayList<>();
        for (String name : List.of("plain", "thinking", "headers", "brackets", "macros", "values", "whitespace")) {
            seeds.add(resource(name + ".jinja"));
        }
        List<Map<String, String>> messages =
                List.of(Map.of("role", "user", "content", "a"), Map.of("role", "assistant", "content", "b"));
        Random random = new Random(20251013);
        int rendered = 0;
        int refused = 0;
        for (int round = 0; round < 4_000; round++) {
            String template = mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                render(template, Map.of("messages", messages, "bos_token", "<s>", "eos_token", "</s>"));
                rendered++;
            } catch (BadInputException e) {
                refused++;
            }
        }
        assertThat(rendered).isGreaterThan(200);
        assertThat(refused).isGreaterThan(200);
    }

    private static String mutated(String seed, Random random) {
        String[] parts = {
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "(",
            ")",
            "[",
            "]",
            "'",
            "\"",
            "|",
            ".",
            "~",
            " in ",
            " is ",
            " not ",
            "\\",
            "\n",
            "0",
            "99999999",
            " if ",
            " else ",
            "%",
            "*",
            "loop",
            "none",
            "\uD83D"
        };
        StringBuilder text = new StringBuilder(seed);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, parts[random.nextInt(parts.length)]);
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
            }
        }
        return text.toString();
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 'a', 'c')
                .collect(StringBuilder::new, (b, c) -> b.append((char) c), StringBuilder::append)
                .toString();
    }

    private static String render(String template, Map<String, ?> variables) {
        return JinjaTemplate.parse(template).render(variables, NOW);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("/chat_templates/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
