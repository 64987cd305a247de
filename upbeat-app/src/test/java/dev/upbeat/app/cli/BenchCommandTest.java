package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    @TempDir
    static Path directory;

    private static Path model;

    @BeforeAll
    static void writeAModel() {
        model = TinyModel.write(directory.resolve("tiny"));
    }

    @Test
    void observeReportsBothTimesAndTheirRatio() {
        JsonNode result = bench("observe", "--tokens", "64", "--runs", "2", "--preset", "rl", "--receivers", "off");
        assertThat(names(result))
                .contains("tokens", "dtype", "threads", "forward_s", "observe_s", "ratio", "peak_rss_mb");
        assertThat(result.get("tokens").intValue()).isEqualTo(64);
        assertThat(result.get("dtype").textValue()).isEqualTo("f32");
        assertThat(result.get("layers").toString()).isEqualTo("[1,2]");
        assertThat(result.get("horizon").textValue()).isEqualTo("10:100");
        assertThat(result.get("receivers").booleanValue()).isFalse();
        assertThat(result.get("ratio").doubleValue())
                .isEqualTo(result.get("observe_s").doubleValue()
                        / result.get("forward_s").doubleValue());
    }

    @Test
    void peakMeasuresTheMachineAndSavesTheKernels() {
        Path file = directory.resolve("kernels.json");
        JsonNode result =
                Cli.upbeat("bench", "peak", model, "--save", file).done().rows().get(0);
        assertThat(result.get("f32_gflops").doubleValue()).isGreaterThan(0.1);
        assertThat(result.get("memory_gb_per_s").doubleValue()).isGreaterThan(0.01);
        assertThat(result.get("kernels").textValue()).contains("products ", "linear ");
        Cli.upbeat("bench", "forward", model, "--tokens", "8", "--runs", "1", "--kernels", file)
                .done();
    }

    @Test
    void everyBenchmarkTellsItsShareOfThePeak() {
        assertShare(bench("forward", "--tokens", "64", "--runs", "1"), "share_of_peak");
        assertShare(bench("observe", "--tokens", "64", "--runs", "1"), "share_of_peak");
        assertShare(bench("decode", "--batch", "2", "--prompt-tokens", "5", "--runs", "1"), "share_of_peak");
        JsonNode step = bench(
                "step", "--prompts", "1", "--group", "2", "--prompt-tokens", "4", "--new-tokens", "9", "--runs", "1");
        for (String part : List.of("", "rollout_", "observe_", "update_")) {
            assertShare(step, part + "share_of_peak");
        }
    }

    /** The tiny model is far from the peak, so a share near 1 is a wrong one. */
    private static void assertShare(JsonNode result, String name) {
        assertThat(result.get(name).doubleValue()).as(name).isBetween(1e-9, 0.8);
    }

    @Test
    void observeAlsoTimesColumns() {
        JsonNode result = bench("observe", "--tokens", "64", "--runs", "1", "--columns", "flow,step_influence");
        assertThat(result.get("columns").toString()).isEqualTo("[\"flow\",\"step_influence\"]");
        assertThat(result.get("columns_ratio").doubleValue())
                .isEqualTo(result.get("columns_s").doubleValue()
                        / result.get("observe_s").doubleValue());
    }

    @Test
    void forwardReportsSecondsOfThePassOnly() {
        JsonNode result = bench("forward", "--tokens", "64", "--runs", "1");
        assertThat(names(result)).contains("tokens", "dtype", "threads", "forward_s", "peak_rss_mb");
        assertThat(result.get("forward_s").doubleValue()).isPositive();
        assertThat(result.get("peak_rss_mb").longValue()).isPositive();
    }

    @Test
    void decodeTellsTokensASecondOfAllSequences() {
        JsonNode result = bench(
                "decode", "--batch", "3", "--prompt-tokens", "5", "--new-tokens", "7", "--runs", "1", "--threads", "1");
        assertThat(names(result)).contains("batch", "prompt_tokens", "new_tokens", "tokens_per_s", "peak_rss_mb");
        assertThat(result.get("threads").intValue()).isEqualTo(1);
        assertThat(result.get("tokens_per_s").doubleValue())
                .isEqualTo(3 * 7 / result.get("decode_s").doubleValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "observe"})
    void sequencesBeyondTheContextMustBeAllowed(String benchmark) {
        Cli.upbeat("bench", benchmark, model, "--tokens", "97", "--runs", "1")
                .refused("--tokens 97", "context of 96", "--beyond-context");
        JsonNode result = bench(benchmark, "--tokens", "97", "--runs", "1", "--beyond-context");
        assertThat(result.get("tokens").intValue()).isEqualTo(97);
    }

    @Test
    void workBeyondTheMemoryIsRejectedWithFigures() {
        Cli.upbeat("bench", "forward", model, "--tokens", "2000000000", "--beyond-context")
                .refused("--tokens 2000000000 needs at least", "GiB of memory", "give fewer than");
        Cli.upbeat("bench", "decode", model, "--batch", "2147483647", "--prompt-tokens", "8", "--new-tokens", "8")
                .refused("--batch 2147483647 needs at least", "Java's heap", "give fewer than");
    }

    @Test
    void onlyTheRequestedNumberOfTokensIsTimed() {
        Cli.upbeat("bench", "decode", model, "--batch", "1", "--prompt-tokens", "50", "--new-tokens", "47")
                .refused("--prompt-tokens 50 plus --new-tokens 47", "context of 96");
    }

    @ParameterizedTest
    @CsvSource({
        "forward --tokens 1, --tokens 1: expected at least 2",
        "forward --tokens 64 --runs 0, --runs 0: expected at least 1",
        "forward --tokens 64 --kernels best, --kernels (or UPBEAT_KERNELS) best: no such file; expected auto",
        "observe --tokens 64 --rho 0.9, --rho 0.9: expected",
        "observe --tokens 64 --layers 9, there is no layer 9",
        "observe --tokens 64 --columns flows, column flows cannot be measured",
        "observe --tokens 64 --window 0, --window 0: expected",
        "decode --batch 0, --batch 0: expected at least 1",
        "decode --batch 1 --new-tokens 0, --new-tokens 0: expected at least 1",
        "decode --batch 1 --prompt-tokens 0, --prompt-tokens 0: expected at least 1",
        "decode, Missing required option",
        "forward, Missing required option"
    })
    void invalidBenchmarkOptionsAreRejected(String given, String message) {
        List<Object> args = new ArrayList<>(List.of("bench"));
        args.addAll(List.of(given.split(" ")));
        args.add(2, model);
        Cli.upbeat(args.toArray()).refused(message);
    }

    @Test
    void aBenchmarkThatThereIsNotIsRefused() {
        Cli.upbeat("bench").refused("no benchmark given", "forward", "observe", "decode", "step");
        Cli.upbeat("bench", "obsreve").refused("no command 'obsreve'", "Did you mean observe?");
    }

    private static JsonNode bench(String benchmark, String... options) {
        List<Object> args = new ArrayList<>(List.of("bench", benchmark, model));
        args.addAll(List.of(options));
        List<JsonNode> rows = Cli.upbeat(args.toArray()).done().rows();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
