package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options and traces that cannot be used: one message, exit status 2, nothing written. */
class AnalyzeRefusalTest {
    @TempDir
    static Path shared;

    private static Path model;
    private static Path traces;

    @TempDir
    Path directory;

    @BeforeAll
    static void writeAModelAndTraces() {
        model = TinyModel.write(shared.resolve("tiny"));
        traces = TinyModel.traces(shared.resolve("traces.jsonl"), 2, 4, 20);
    }

    @AfterEach
    void nothingIsWritten() {
        assertThat(Cli.names(directory)).isSubsetOf("traces.jsonl", "heads.json", "file");
    }

    /** All of them before a model is even looked for. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --layers nonsense     | layers "nonsense"      | middle-third
            --layers all/1        | layers "all/1"         | K >= 2
            --rho 0               | --rho 0.0              | above 0 and at most 0.5
            --rho 1               | --rho 1.0              | above 0 and at most 0.5
            --rho 2               | --rho 2.0              | above 0 and at most 0.5
            --rho NaN             | --rho NaN              | above 0 and at most 0.5
            --rho some            | '--rho'                | expected a number
            --receiver-rho 0      | --receiver-rho 0.0     | above 0 and at most 1
            --receiver-rho 0.2 --receivers off | --receiver-rho 0.2 | --receivers off turns them off
            --window 0            | --window 0             | at least 1 token
            --window x            | '--window'             | expected a whole number
            --window 99999999999  | expected a whole number below 2147483648 | given '99999999999'
            --horizon 100:10      | --horizon 100:10       | LO:HI
            --horizon x:y         | --horizon x:y          | LO:HI
            --horizon -1:5        | --horizon -1:5         | LO:HI
            --map 5:2             | --map 5:2              | START:END
            --map 5               | --map 5                | START:END
            --map 0:9000          | --map 0:9000           | at most 1024
            --links -1            | --links -1             | 0 (none) to 64
            --links 100000        | --links 100000         | 0 (none) to 64
            --columns gradient_norm | gradient_norm       | flow, hidden_cosine, path_flow
            --step-keys mean      | --step-keys mean      | --columns step_influence
            --flow-links 4        | --flow-links 4        | --columns flow
            --limit 0             | --limit 0              | at least 1
            --receivers maybe     | '--receivers'          | expected on or off, given 'maybe'
            --dtype f8            | '--dtype'              | expected auto or f32 or bf16, given 'f8'
            --alignment tokens    | '--alignment'          | expected token or predictor, given 'tokens'
            --preset sft          | '--preset'             | expected rl, given 'sft'
            --temperature 0.5     | --temperature          | --traces gives the responses
            --max-new-tokens 5    | --max-new-tokens       | --traces gives the responses
            --tracess x           | Unknown options        | Did you mean --traces?
            --prompts p.jsonl     | --prompts=FILE, --traces=FILE | only one
            """)
    void anOption(String option, String given, String expected) {
        analyze(Path.of("no/model"), traces, option.split(" ")).refused(given, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --temperature -1     | temperature -1.0 | 0 (greedy)
            --temperature NaN    | temperature NaN  | 0 (greedy)
            --top-p 0            | top-p 0.0        | above 0 and at most 1
            --top-p 1.5          | top-p 1.5        | above 0 and at most 1
            --top-k -1           | top-k -1         | 0 (all tokens)
            --max-new-tokens 0   | max-new-tokens 0 | at least 1
            """)
    void aWayToDraw(String option, String given, String expected) {
        List<Object> args = new ArrayList<>(List.of("analyze", "no/model", "--text", "hi", "--out", run()));
        args.addAll(List.of(option.split(" ")));
        Cli.upbeat(args.toArray()).refused(given, expected);
    }

    @Test
    void neitherPromptsNorTracesNorText() {
        Cli.upbeat("analyze", model, "--out", run()).refused("--prompts=FILE | --traces=FILE | --text=TEXT");
    }

    @Test
    void noModel() {
        Cli.upbeat("analyze", "--traces", traces).refused("MODEL", "upbeat analyze --help");
    }

    @Test
    void lessThanOneThread() {
        analyze(model, traces, "--threads", "0").refused("--threads 0", "expected 1 to");
    }

    @Test
    void layersThatTheModelDoesNotHave() {
        analyze(model, traces, "--layers", "99").refused("no layer 99", "layers 0 to 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [1, 2]    | [3, 258] | row b: response id 258 is outside the model's vocabulary of 258
            [1, 999]  | [3, 4]   | row b: prompt id 999 is outside the model's vocabulary of 258
            [1, -2]   | [3, 4]   | line 2: prompt_ids[1] is -2
            [1, 2]    | [3, -4]  | line 2: response_ids[1] is -4
            [1, 2]    | [3, 4.5] | line 2: response_ids[1] is 4.5
            []        | [3, 4]   | line 2: prompt_ids is empty
            [1, 2]    | []       | line 2: response_ids is empty
            [1, 2]    | 7        | line 2: response_ids is 7; expected an array
            """)
    void idsThatAreNone(String promptIds, String responseIds, String message) {
        String second = "{\"id\": \"b\", \"prompt_ids\": " + promptIds + ", \"response_ids\": " + responseIds + "}";
        analyze(model, rows(TinyModel.row("a", new int[] {1}, new int[] {2}), second))
                .refused(message);
    }

    @Test
    void aLineThatIsNotJson() {
        analyze(model, rows(TinyModel.row("a", new int[] {1}, new int[] {2}), "", "{\"id\": "))
                .refused("traces.jsonl, line 3", "not valid JSON", "one object a line");
    }

    @Test
    void anIdThatComesTwice() {
        String row = TinyModel.row("a", new int[] {1}, new int[] {2});
        analyze(model, rows(row, row)).refused("line 2: id a is already the id of row");
    }

    @Test
    void aFileWithoutRows() {
        analyze(model, rows("")).refused("has no rows", "prompt_ids");
    }

    @Test
    void aFileThatIsNotThere() {
        analyze(model, directory.resolve("none.jsonl")).refused("none.jsonl: no such file");
    }

    @Test
    void aTraceLongerThanTheContext() {
        Path tooLong = TinyModel.traces(directory.resolve("traces.jsonl"), 1, 4, 200);
        analyze(model, tooLong)
                .refused("traces.jsonl, line 1: trace t0 has 204 tokens", "context of 96", "--beyond-context");
    }

    @Test
    void aVeryLongTextIsRefusedBeforeItIsEncoded() {
        Path reader = TinyModel.writeWithTokenizer(shared.resolve("reader"));
        analyze(reader, rows("{\"prompt\": \"a\", \"response\": \"" + "b".repeat(4_000) + "\"}"))
                .refused(
                        "the response has 4000 characters, which is too long: its first 1536 are already 1536 "
                                + "tokens",
                        "context of 96");
    }

    @Test
    void textForAModelWithoutATokenizer() {
        analyze(model, rows("{\"prompt\": \"a\", \"response\": \"b\"}")).refused("no tokenizer", "token ids");
        Cli.upbeat("analyze", model, "--text", "hi", "--out", run()).refused("no tokenizer");
    }

    @Test
    void aSystemMessageWhereThePromptIsIds() {
        analyze(model, traces, "--system", "Be brief.").refused("row t0 gives its prompt as ids", "--system");
    }

    @Test
    void aTemperatureThatOverflows() {
        String row = TinyModel.row("a", new int[] {1}, new int[] {2}).replace("}", ", \"temperature\": 1e-40}");
        analyze(model, rows(row)).refused("log-probs of trace a", "finite numbers", "temperature");
        TinyModel.writeWithTokenizer(shared.resolve("tokenizer"));
        Cli.upbeat("analyze", shared.resolve("tokenizer"), "--text", "hi", "--temperature", "1e-40", "--out", run())
                .refused("probabilities of the next tokens", "temperature");
    }

    @Test
    void noText() {
        Cli.upbeat("analyze", model, "--text", "", "--out", run()).refused("--text is empty");
    }

    @Test
    void aPlaceThatIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");
        Cli.upbeat("analyze", model, "--traces", traces, "--out", file).refused("file: is a file");
        Cli.upbeat("analyze", model, "--traces", traces, "--out", file.resolve("run"))
                .refused("run: cannot be created", "choose a directory");
        assertThat(file).hasContent("mine");
    }

    @Test
    void noPlace() {
        Cli.upbeat("analyze", model, "--traces", traces, "--out", "").refused("--out is empty");
    }

    private Path run() {
        return directory.resolve("run");
    }

    private Path rows(String... lines) {
        return TinyModel.lines(directory.resolve("traces.jsonl"), lines);
    }

    private Cli analyze(Path of, Path file, String... options) {
        List<Object> args = new ArrayList<>(List.of("analyze", of, "--traces", file, "--out", run()));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }
}
