package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@link Upbeat}'s Javadoc, on a tiny random model. */
class LibraryExampleTest {
    private static final int V = 402;

    @TempDir
    Path directory;

    @BeforeEach
    void writeModel() throws IOException {
        ModelConfig config = TinyDecoder.config(Architecture.LLAMA, V, 512, 0);
        TinyDecoder.write(directory, config, 2);
    }

    @Test
    void tenLinesWriteWatchAndNameTheAnchors() throws IOException {
        List<String> anchors = new ArrayList<>();
        try (Upbeat model = Upbeat.load(directory.toString())) {
            Trace trace = model.write("What is 17 * 24?", model.greedy(100));
            Observation seen = model.watch(List.of(trace)).observations().get(0);
            for (int t : Anchors.of(seen.fai(), Peaks.DEFAULT_SHARE)) {
                anchors.add(Objects.requireNonNull(trace.tokens()).get(t));
            }
            assertThat(model.tokenizer().decode(trace.promptIds(), false))
                    .isEqualTo("<|start|>user\nWhat is 17 * 24?<|end|>\n<|start|>assistant\n");
            assertThat(seen.waad()).hasSize(100).hasSameSizeAs(trace.tokens());
            assertThat(anchors).isNotEmpty().isSubsetOf(trace.tokens());
        }
    }

    @Test
    void anUnreadableTokenizerIsRefusedOnlyForText() throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.0]]}}");
        try (Upbeat model = Upbeat.load(directory.toString())) {
            List<Trace> traces = model.write(List.of(new int[] {5, 6}), model.greedy(8), (i, id) -> {});
            assertThat(model.watch(traces).observations()).hasSize(1);
            assertThat(model.texts(new int[] {5})).isNull();
            assertThat(model.tokenizerProblem()).contains("tokenizer.json has no model.vocab object", "Unigram");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> model.encode("text"))
                        .isInstanceOf(BadInputException.class)
                        .hasMessage(model.tokenizerProblem());
            }
        }
    }

    @Test
    void anUnreadableChatTemplateIsRefusedOnlyForConversations() throws IOException {
        Files.writeString(directory.resolve("chat_template.jinja"), "{% if %}");
        try (Upbeat model = Upbeat.load(directory.toString())) {
            assertThat(model.tokenizer().decode(model.encode("What is"), true)).isEqualTo("What is");
            assertThat(model.tokenizerProblem()).isNull();
            assertThatThrownBy(() -> model.write("What is 17 * 24?", model.greedy(8)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("chat template");
            assertThatThrownBy(model::hasChatTemplate).isInstanceOf(BadInputException.class);
        }
    }

    @Test
    void aModelWithoutTokenizerWritesAndWatchesIds() throws IOException {
        Path bare = ParityFixture.named("qwen3").directory();
        try (Upbeat model = Upbeat.load(bare.toString())) {
            List<Trace> traces = model.write(List.of(new int[] {5, 6}, new int[] {7}), model.greedy(8), (i, id) -> {});
            assertThat(traces).extracting(Trace::id).containsExactly("0", "1");
            assertThat(traces).extracting(Trace::tokens).containsOnlyNulls();
            assertThat(model.watch(traces).observations()).hasSize(2);
            assertThatThrownBy(() -> model.encode("text"))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("tokenizer.json");
            assertThatThrownBy(() -> model.write("question", model.greedy(8)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("no chat template");
        }
    }
}
