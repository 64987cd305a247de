package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubIdTest {
    @Test
    void anIdWithoutARevisionMeansMain() {
        assertThat(HubId.parse("Qwen/Qwen3-0.6B")).isEqualTo(new HubId("Qwen/Qwen3-0.6B", "main"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "v1.0", "refs/pr/1", "feature/x-y", "0123456789abcdef0123456789abcdef01234567"})
    void theTextAfterTheAtIsTheRevision(String revision) {
        assertThat(HubId.parse("a_b/c.d-e@" + revision)).isEqualTo(new HubId("a_b/c.d-e", revision));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "name", "/name", "org/", "a/b/c", "a//b", "../b", "a/..", "a/b..c", "a/b--c", "a/b c", "a/ b",
                ".a/b", "a/-b", "a/b.", "a/b.git", "./a", "~/a", "a\\b", "a/b\n", "é/b", "C:/b"
            })
    void invalidIdsAreRejectedWithAnExample(String text) {
        assertThatThrownBy(() -> HubId.parse(text))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(
                        "\"" + shown(text) + "\" is neither a file or directory", "ORG/NAME", "Qwen/Qwen3-0.6B");
        assertThat(Hub.looksLikeId(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../x",
                "a/../b",
                "/a",
                "a/",
                "a//b",
                "a b",
                "a\tb",
                "a:b",
                "a~1",
                "a^",
                "a?",
                "a*",
                "a[",
                "a\\b",
                ".a",
                "a..b",
                "a.lock",
                "a\u0000b"
            })
    void invalidRevisionsAreRejected(String revision) {
        assertThatThrownBy(() -> HubId.parse("a/b@" + revision))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("\"" + shown(revision) + "\" in \"a/b@" + shown(revision) + "\"", "refs/pr/1");
    }

    /** As a message shows it. */
    private static String shown(String text) {
        return text.replace("\n", "\\n").replace("\t", "\\t").replace("\u0000", "\\u0000");
    }

    @Test
    void idsAndPathsOfModelFilesAreDistinguished() {
        assertThat(Hub.looksLikeId("Qwen/Qwen3-0.6B")).isTrue();
        assertThat(Hub.looksLikeId("Qwen/Qwen3-0.6B@refs/pr/1")).isTrue();
        assertThat(Hub.looksLikeId("models/tiny.gguf")).isFalse();
        assertThat(Hub.looksLikeId("models/tiny.safetensors")).isFalse();
        assertThat(Hub.looksLikeId("/models/tiny")).isFalse();
    }
}
