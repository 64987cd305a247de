package dev.upbeat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Templates that would take hours or all memory if calls did not count their work. None has an assertion on time: without
 * the bounds they do not end.
 */
class HostileTemplatesTest {
    /** Four million characters. */
    private static final String LONG = "{% set s = 'xy' * 2000000 %}";

    /** A hundred thousand items, and a dict of half as many. */
    private static final String MANY =
            "{% set l = range(100000)|map('string')|list %}{% set d = dict(l|batch(2)|list) %}";

    /** The 2^60 leaves of 60 lists; copied, they would take all memory. */
    @Test
    void variablesThatHoldAListTwiceAreBounded() {
        List<Object> twice = List.of("x");
        for (int i = 0; i < 60; i++) {
            twice = List.of(twice, twice);
        }
        Map<String, Object> variables = Map.of("x", twice);
        JinjaTemplate template = JinjaTemplate.parse("{{ x|length }}");
        assertThatThrownBy(() -> template.render(variables, LocalDateTime.now()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("steps");
    }

    @Test
    void aKeyThatIsNoStringIsNamed() {
        JinjaTemplate template = JinjaTemplate.parse("{{ x }}");
        Map<String, Object> variables = Map.of("x", Map.of(7, "y"));
        assertThatThrownBy(() -> template.render(variables, LocalDateTime.now()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("a map with the key 7; expected strings as keys");
    }

    @Test
    @SuppressWarnings("NullAway") // null is the fault
    void aMissingArgumentIsNamed() {
        assertThatThrownBy(() -> JinjaTemplate.parse(null)).hasMessage("the template's source");
        assertThatThrownBy(() -> JinjaTemplate.parse("x").render(Map.of(), null))
                .hasMessage("the time");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                // one work for all items, done again for each
                "{{ range(100000)|sort(attribute=s.replace('y', ','))|list }}",
                "{{ range(100000)|map('replace', s, s)|list }}",
                "{{ range(100000)|map(attribute=s.replace('y', '.'), default={})|list }}",
                "{{ range(100000)|groupby(s.replace('y', '.'), default={}) }}",
                "{{ range(100000)|map(attribute='x.' * 100000, default={})|list }}",
                "{{ ([s] * 1000000)|map('replace', 'q', s)|list }}",
                "{{ (['xy' * 400000] * 1000000)|map('list')|list }}",
                "{{ ([s] * 100000)|map('upper')|list }}",
                "{{ ([s] * 1000000)|map('length')|sum }}",
                "{{ ([s] * 1000000)|map('first')|list }}",
                "{{ ([s] * 1000000)|map('trim', s)|list }}",
                "{{ ([s] * 1000000)|map(attribute=3000000)|list }}",
                "{{ ([s] * 1000000)|select('eq', s ~ '')|list }}",
                "{{ ([s] * 1000000)|select('upper')|list }}",
                "{{ ([s] * 1000000)|select('in', [s ~ 'b'])|list }}",
                "{{ ([s] * 1000000)|sort }}",
                "{{ ([s ~ 'a', s ~ 'b'] * 500000)|sort }}",
                "{{ ([s] * 1000000)|unique|list }}",
                "{{ ([s] * 1000000)|groupby(0)|list }}",
                "{{ ([s] * 1000000)|max }}",
                "{{ ([s] * 1000000)|join }}",
                "{{ s.startswith(((s ~ 'y',) * 1000000)) }}",
                // long texts in loops
                "{% for i in range(100000) %}{{ s[3999999] }}{% endfor %}",
                "{% for i in range(100000) %}{% if s[2:] == s %}{% endif %}{% endfor %}",
                "{% for i in range(100000) %}{% set q = s[::-1] %}{% endfor %}",
                "{% for i in range(100000) %}{% set q = s.rfind('y' ~ 'x' * 70) %}{% endfor %}",
                "{% for i in range(100000) %}{% if loop.changed(s ~ i) %}{% endif %}{% endfor %}",
                "{% for i in range(100000) %}{% set q = s.replace('x', '') %}{% endfor %}",
                "{% for i in range(100000) %}{% set q = s|wordcount %}{% endfor %}",
                "{% set ns = namespace(s=s) %}{% for a in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}"
            })
    void workOnLongTextsIsCounted(String template) {
        assertStopped(LONG + template);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in l %}{{ i in l }}{% endfor %}",
                "{% for i in l %}{{ l.index(i) }}{% endfor %}",
                "{% for i in l %}{{ l.count(i) }}{% endfor %}",
                "{% for i in l %}{% set q = l[1:] %}{% endfor %}",
                "{% for i in l %}{% set q = l + l %}{% endfor %}",
                "{% for i in l %}{% set q = l|reverse|first %}{% endfor %}",
                "{% for i in l %}{% set q = l.copy() %}{% endfor %}",
                "{% for i in l %}{% set q = l == l + [] %}{% endfor %}",
                "{% for i in l %}{% set q = d.keys() %}{% endfor %}",
                "{% for i in l %}{% set q = d|items|first %}{% endfor %}",
                "{% for i in l %}{% set q = d|length ~ (d|tojson) %}{% endfor %}",
                "{% for i in l %}{% set q = range(100000)|list %}{% endfor %}",
                "{% for i in l %}{% set q = l|batch(7)|list %}{% endfor %}",
                "{% for i in l %}{% set q = l|slice(7)|list %}{% endfor %}",
                "{% macro m() %}{{ varargs|length }}{% endmacro %}{% for i in l %}{{ m(*l) }}{% endfor %}",
                "{% set ns = namespace(k=[]) %}{% for i in l %}{% set ns.k = ns.k + [l|list] %}{% endfor %}",
                "{% set s = 'x y ' * 200000 %}{% for i in l %}{% set q = s.split(' ') %}{% endfor %}"
            })
    void workOnLongListsIsCounted(String template) {
        assertStopped(MANY + template);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999f' % 1.5 }}",
                "{{ '{:>999999999}'.format(1) }}",
                "{{ '{:.999999999f}'.format(1.5) }}",
                "{{ 'a'.center(1000000000) }}",
                "{{ 'a'|center(1000000000) }}",
                "{{ 'a'.ljust(9000000000000) }}",
                "{{ 'a'.zfill(1000000000) }}",
                "{{ 'a'|indent(1000000000) }}",
                "{{ ('a\n' * 1000000)|indent(1000) }}",
                "{{ range(100000)|map('center', 8000000)|list }}",
                "{{ [1]|batch(1000000000, 'x')|list }}",
                "{{ [1]|slice(1000000000)|list }}",
                "{{ ([[1]] * 1000000)|sum(start=[]) }}",
                "{{ ('&' * 1000000)|e|e|e|e|e|e|e|e }}",
                "{{ ('x' * 1000000).join(('y',) * 1000000) }}",
                "{{ [[[[1]]]]|tojson(indent='x' * 4000000) }}",
                "{{ strftime_now('%A' * 4000000) }}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(20) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
                        + "{% for i in range(100000) %}{% set q = ns.l|tojson|length %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(20) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
                        + "{% for i in range(100000) %}{% set q = ns.l|string|length %}{% endfor %}",
                "{{ ('{0:' * 100000 ~ '}' * 100000).format(1) }}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=(1,)) %}{% for a in range(60) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}"
                        + "{{ [ns.l]|unique|list }}",
                "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}",
                "{% for x in [1] recursive %}{{ loop([x, x]) }}{{ loop([x, x]) }}{% endfor %}",
                "{% macro m() %}{{ caller() }}{% endmacro %}{% macro w() %}{% call m() %}{{ w() }}{% endcall %}{% endmacro %}"
                        + "{{ w() }}"
            })
    void resultsThatGrowBeyondAPromptAreStopped(String template) {
        assertStopped(template);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 2 ** 9 ** 9 ** 9 }}",
                "{{ 10 ** 400 }}",
                "{{ 10.0 ** 400 }}",
                "{{ ('9' * 8000000)|int }}",
                "{{ ('9' * 8000000)|float }}",
                "{{ ('1_' * 2000000 ~ '1')|int }}",
                "{{ ('f' * 8000000)|int(base=16) }}",
                "{{ 1.5|round(400, 'ceil') }}",
                "{{ range(10 ** 18) }}",
                "{{ raise_exception('y' * 8000000) }}",
                "{{ {}['y' * 8000000].z }}"
            })
    void numbersAndMessagesBeyondAllBoundsAreRefused(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(BadInputException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(2_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{{ s.strip(s)|length }} # 0",
                "{{ ('z' * 4000000).strip('a' * 4000000 ~ 'z')|length }} # 0",
                "{{ ('z' * 4000000).lstrip('a' * 4000000 ~ 'z')|length }} # 0",
                "{{ ('z' * 4000000).rstrip('a' * 4000000 ~ 'z')|length }} # 0",
                "{{ ('z' * 4000000)|trim('a' * 4000000 ~ 'z')|length }} # 0",
                "{{ ('z' * 4000000).strip('a' * 4000000)|length }} # 4000000",
                "{{ s|trim(s)|length }} # 0",
                "{{ (s ~ 'z').lstrip(s) }} # z",
                "{{ ('z' ~ s).rstrip(s ~ 'q') }} # z",
                "{{ (s ~ 'z').split(s)|length }} # 2",
                "{{ (s ~ 'z').rsplit(s, 1)|length }} # 2",
                "{{ s.count(s) }} # 1",
                "{{ (s in s ~ 'z') }} # True",
                "{{ s.rfind(s ~ 'z') }} # -1",
                "{{ (s ~ '9')|int }} # 0",
                "{{ ('<' * 4000000)|striptags|length }} # 4000000",
                "{{ ('ß' * 3000000).upper()|length }} # 6000000",
                "{{ ('ŉ' * 3000000)|upper|length }} # 6000000",
                "{{ ('İ' * 3000000).lower()|length }} # 6000000",
                "{{ ('İ' * 3000000)|lower|length }} # 6000000",
                "{{ 'ΑΣ ǆ ﬁ'.lower() ~ 'ﬁ ß'.upper() }} # ας ǆ ﬁFI SS",
                "{{ 1.5|round(99999999999) }} # 1.5"
            })
    void longTextsAreSearchedInTimeLinearInTheirLength(String template, String rendered) {
        assertThat(render(LONG + template.strip())).isEqualTo(rendered.strip());
    }

    private static void assertStopped(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching("(?s).*(more than|grows beyond|at most).*");
    }

    private static String render(String template) {
        return JinjaTemplate.parse(template).render(Map.of(), LocalDateTime.of(2026, 3, 7, 14, 5, 9));
    }
}
