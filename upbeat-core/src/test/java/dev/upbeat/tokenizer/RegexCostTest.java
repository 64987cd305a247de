package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexCostTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[\\p{Han}]+|[\\p{Lu}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{M}&&[^\\p{Han}]]+(?i:'s)?",
                "[\u4e00-\u9fa5\u3040-\u309f]+",
                "(?<=\\d)(?=(\\d{3})+(?!\\d))",
                " ?[^(\\s|[.,!?\u2026\u3002\uff0c])]+",
                "[0-9][0-9][0-9]",
                "[[:alpha:]]+",
                "(?i)a|b+",
                "a{b}|{|}",
                "\\x{41}\\u0042?|\\.|(?<name>x)|(?>y)|\\bz",
                "",
            })
    void patternsOfPublicTokenizersHaveALinearBound(String pattern) {
        assertThat(RegexCost.of(pattern, "tokenizer.json").stepsBack()).isBetween(0L, 16L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|aa)+$",
                "(?:a*)*b",
                "([a-z]+)*=",
                "(x+x+)+y",
                "(a|a)*b",
                "(?:a?b?)*c",
                "(.*)(.*)x",
                "a*a*b",
                "(.*?,){11}P",
                "(a|aa){40}$",
                "\\w+(?=\\w*x)",
                "(?=a*)a*b",
                "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaa",
                "a{1,100000}",
                "(?:a{1000}){1000}",
                "a{1,9}{1,9}{1,9}{1,9}b",
                "a{1,3}+",
                "a**",
                "(a)\\1",
                "(?<n>a\\g<n>?)",
                "\\k<n>",
                "(?~abc)",
                "(?(1)a|b)",
                "(?x) a",
                "a+(?i)x|a+y",
                "[[:a]]((a+)+$)[:]]",
                "\\012",
                "\\Ra",
                "(open",
                "[open",
                "close)",
                "*a",
                "a\\",
            })
    void patternsWithoutALinearBoundAreRefused(String pattern) {
        assertThatThrownBy(() -> RegexCost.of(pattern, "tokenizer.json"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("tokenizer.json has the pattern " + pattern)
                .hasMessageContaining("expected");
    }

    @Test
    void deepAndLongPatternsAreRefused() {
        for (String pattern : new String[] {
            "(".repeat(5000) + "a" + ")".repeat(5000), "[".repeat(5000) + "a" + "]".repeat(5000), "a".repeat(100_000)
        }) {
            assertThatThrownBy(() -> RegexCost.of(pattern, "x")).isInstanceOf(BadInputException.class);
        }
    }

    @Test
    void theFewestCharactersOfAMatchAreCounted() {
        assertThat(RegexCost.of("ab?|cd{2,3}", "x").minCharacters()).isEqualTo(1);
        assertThat(RegexCost.of("(?:ab){2}[c-e]+", "x").minCharacters()).isEqualTo(5);
        assertThat(RegexCost.of("a*|b", "x").minCharacters()).isZero();
        assertThat(RegexCost.of("(?=a)", "x").minCharacters()).isZero();
    }
}
