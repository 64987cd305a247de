package dev.upbeat.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Horizon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainConfigTest {
    /** Of GRPO, the keys that must be given and no other. */
    private static final String GRPO = """
            kind: grpo
            model: models/countdown
            task: {name: countdown}
            learn: {steps: 300, learning_rate: 1e-4}
            """;

    private static final String SFT = """
            kind: sft
            architecture: {layers: 5, hidden: 128, heads: 4, kv_heads: 2, head_dim: 32, mlp: 384, context: 256}
            task: {name: countdown}
            learn: {steps: 300, learning_rate: 1e-4}
            """;

    @TempDir
    private Path directory;

    private TrainConfig read(String yaml, String... overrides) throws IOException {
        return TrainConfig.read(Files.writeString(directory.resolve("mine.yaml"), yaml), List.of(overrides));
    }

    @Test
    void missingKeysHaveTheirDefaults() throws IOException {
        GrpoConfig config = (GrpoConfig) read(GRPO);
        assertThat(config.rollout()).isEqualTo(new RolloutConfig(32, 8, 96, 1.0, "exact"));
        assertThat(config.rhythm().settings().horizon()).isEqualTo(new Horizon(10, 100));
        assertThat(config.rhythm().layers()).hasToString("middle-third/5");
        assertThat(config.credit().options().strategy()).isEqualTo("coupled-rhythm");
        assertThat(config.learn().minibatch()).as("one gradient step").isEqualTo(256);
        assertThat(config.optimizer().learningRate()).isEqualTo(1e-4);
        assertThat(config.out()).isEqualTo(Path.of("runs/mine"));
    }

    @Test
    void pathsAreFoundBesideTheConfigurationFile() throws IOException {
        Path model = Files.createDirectories(directory.resolve("own/model"));
        Path rows = Files.createFile(directory.resolve("rows.jsonl"));
        String yaml = """
                kind: grpo
                model: own/model
                task: {name: gsm8k, data: rows.jsonl, test_data: nope.jsonl}
                learn: {steps: 3, learning_rate: 1e-4}
                """;
        GrpoConfig config = (GrpoConfig) read(yaml);
        assertThat(config.model()).isEqualTo(model.toString());
        assertThat(config.task().data()).isEqualTo(rows);
        assertThat(config.task().testData()).isEqualTo(Path.of("nope.jsonl"));
        assertThat(config.resolved()).containsEntry("model", model.toString());
        assertThatThrownBy(config::dataFiles)
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("nope.jsonl: no such file (looked in " + directory + ", "
                        + Path.of("").toAbsolutePath());
    }

    @Test
    void pathsOfTheCommandLineStartInTheWorkingDirectory() throws IOException {
        Files.createDirectories(directory.resolve("own/model"));
        assertThat(read(GRPO, "model=own/model").model()).isEqualTo("own/model");
        assertThat(read(GRPO, "model=src").model()).isEqualTo("src");
        assertThat(read(GRPO, "model=~/m").model()).isEqualTo(System.getProperty("user.home") + "/m");
    }

    @Test
    void supervisedDataAndTokenizersAreFoundBesideTheFileToo() throws IOException {
        Path traces = Files.createFile(directory.resolve("traces.jsonl"));
        Path words = Files.createDirectory(directory.resolve("words"));
        SftConfig config = (SftConfig) read(SFT + "data: traces.jsonl\ntokenizer: words\n");
        assertThat(config.traces()).isEqualTo(traces);
        assertThat(config.tokenizer()).isEqualTo(words);
        assertThat(((SftConfig) read(SFT)).tokenizer()).as("the word task").isNull();
    }

    @Test
    void theCommandLineOverridesTheFile() throws IOException {
        GrpoConfig config = (GrpoConfig) read(
                GRPO,
                "learn.steps=7",
                "rhythm.horizon=[5, end]",
                "credit.strategy=uniform",
                "rhythm.groups={every: 4}");
        assertThat(config.optimizer().steps()).isEqualTo(7);
        assertThat(config.rhythm().settings().horizon()).isEqualTo(new Horizon(5, Horizon.END));
        assertThat(config.credit().options().strategy()).isEqualTo("uniform");
        assertThat(config.rhythm().groupsEvery()).isEqualTo(4);
    }

    @Test
    void templateVariablesAreReadAndRecorded() throws IOException {
        GrpoConfig config =
                (GrpoConfig) read(GRPO, "task.template_vars.enable_thinking=false", "task.template_vars.effort=high");
        assertThat(config.task().templateVars()).isEqualTo(Map.of("enable_thinking", false, "effort", "high"));
        assertThat(String.valueOf(config.resolved().get("task")))
                .contains("template_vars={enable_thinking=false, effort=high}");
        assertThatThrownBy(() -> read(GRPO, "task.template_vars=[a]"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("task.template_vars", "mapping of names to values");
        assertThatThrownBy(() -> read(GRPO, "task.template_vars.messages=1"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("task.template_vars");
    }

    @Test
    void theResolvedConfigurationReadsAsTheSame() throws IOException {
        for (String yaml : List.of(GRPO, SFT)) {
            TrainConfig config = read(yaml);
            Path file = directory.resolve("resolved.yaml");
            new com.fasterxml.jackson.dataformat.yaml.YAMLMapper().writeValue(file.toFile(), config.resolved());
            assertThat(TrainConfig.read(file, List.of()).resolved())
                    .hasToString(config.resolved().toString());
        }
    }

    @Test
    void theResolvedConfigurationHasEverySection() throws IOException {
        Map<String, Object> resolved = read(GRPO).resolved();
        assertThat(resolved.keySet())
                .containsExactly(
                        "kind",
                        "model",
                        "adapter",
                        "dtype",
                        "task",
                        "rollout",
                        "rhythm",
                        "credit",
                        "learn",
                        "checkpoint",
                        "eval",
                        "journal",
                        "seed",
                        "out");
    }

    /** key.path=value, then two pieces that the one message must have. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind=ppo                       | kind is "ppo"                       | one of grpo, sft
            dtype=f16                      | dtype is "f16"                      | one of auto, f32, bf16
            model=7                        | model is 7                          | a Hugging Face directory
            task.name=chess                | task.name is "chess"                | countdown
            task.numbers=2                 | task.numbers is 2                   | from 3 to 6
            task.numbers=three             | task.numbers is "three"             | a whole number
            task.train=0                   | task.train is 0                     | from 1
            task.test=-1                   | task.test is -1                     | from 1
            task.format_reward=1           | task.format_reward is 1             | at most 0.999999
            task.form_reward=0.5           | task.form_reward is 0.5             | task.form is none
            task.form=boxed                | task.form is "boxed"                | task.form_reward is 0
            rollout.prompts=0              | rollout.prompts is 0                | a whole number
            rollout.group=1                | rollout.group is 1                  | from 2
            rollout.max_new_tokens=0       | rollout.max_new_tokens is 0         | a whole number
            rollout.temperature=0          | rollout.temperature is 0            | above 0
            rollout.temperature=1e-40      | rollout.temperature is 1.0E-40      | at least 0.001
            eval.temperature=1e-40         | eval.temperature is 1.0E-40         | 0 for greedy
            rollout.temperature=1e400      | rollout.temperature is              | above 0
            rhythm.layers=middle-third/1   | rhythm.layers is "middle-third/1"   | K >= 2
            rhythm.layers=[3, 3]           | rhythm.layers is [3,3]              | without repetition
            rhythm.rho=0                   | rhythm.rho is 0                     | above 0 and at most 0.5
            rhythm.rho=0.6                 | rhythm.rho is 0.6                   | at most 0.5
            rhythm.window=0                | rhythm.window is 0                  | a whole number
            rhythm.horizon=[100, 10]       | rhythm.horizon is [100,10]          | 0 <= LO <= HI
            rhythm.horizon=100:10          | rhythm.horizon is                   | 0 <= LO <= HI
            rhythm.horizon=[-1, 10]        | rhythm.horizon is [-1,10]           | 0 <= LO <= HI
            rhythm.groups=never            | rhythm.groups is "never"            | once, every-step
            rhythm.groups={every: 0}       | rhythm.groups is {"every":0}        | at least 1
            rhythm.receivers=maybe         | rhythm.receivers is "maybe"         | true or false
            rhythm.receiver_rho=0          | rhythm.receiver_rho is 0            | above 0 and at most 1
            rhythm.receiver_rho=0.2        | rhythm.receiver_rho is 0.2          | rhythm.receivers: true
            rhythm.alignment=both          | rhythm.alignment is "both"          | token, predictor
            credit.strategy=magic          | credit.strategy is "magic"          | coupled-rhythm
            credit.gamma=0                 | credit.gamma is 0                   | above 0
            credit.strategy=column         | credit.strategy is "column"         | coupled-rhythm
            credit.strategy=constant       | credit.gamma is missing             | above 0
            credit.strategy=class          | credit.class is missing             | a.b.C
            credit.amplification=-1        | credit.amplification is -1          | above 0
            credit.amplification_negative=-1 | amplification_negative is -1       | same, or a number above 0
            rhythm.heads=[1]               | rhythm.heads is [1]                 | heads.json
            rhythm.weights=norm            | rhythm.weights is                   | attention, value-norm
            credit.heads=receivers         | credit.heads is receivers           | rhythm.receivers: true
            credit.share=0                 | credit.share is 0                   | above 0 and at most 1
            credit.share=1.5               | credit.share is 1.5                 | above 0 and at most 1
            credit.share="0.4"             | credit.share is "0.4"               | a number
            credit.alpha=1.1               | credit.alpha is 1.1                 | at least 0 and at most 1
            credit.lookback=0              | credit.lookback is 0                | a whole number
            credit.lookback=2.5            | credit.lookback is 2.5              | a whole number
            credit.from=middle             | credit.from is "middle"             | top, bottom
            credit.heads=some              | credit.heads is "some"              | targeted, all
            credit.sign=zero               | credit.sign is "zero"               | both, positive, negative
            credit.normalize=max           | credit.normalize is "max"           | none, mean
            learn.steps=0                  | learn.steps is 0                    | at least 1
            learn.minibatch=0              | learn.minibatch is 0                | at least 1
            learn.minibatch=512            | learn.minibatch is 512              | 32 prompts x 8 responses = 256
            learn.minibatch=100            | learn.minibatch is 100              | a divisor
            learn.learning_rate=0          | learn.learning_rate is 0            | above 0
            learn.learning_rate=fast       | learn.learning_rate is "fast"       | a number
            learn.schedule=square          | learn.schedule is "square"          | constant, linear, cosine
            learn.warmup=300               | learn.warmup is 300                 | learn.steps, which is 300
            learn.warmup=-1                | learn.warmup is -1                  | at least 0
            learn.final_share=2            | learn.final_share is 2              | at most 1
            learn.final_share=0.1          | learn.final_share is 0.1            | learn.schedule is constant
            learn.weight_decay=-1          | learn.weight_decay is -1            | at least 0
            learn.betas=[0.9]              | learn.betas is [0.9]                | two numbers
            learn.betas=[0.9, 1]           | learn.betas is [0.9,1]              | at most 0.999999
            learn.grad_clip=-1             | learn.grad_clip is -1               | at least 0
            learn.micro_batch_tokens=-1    | learn.micro_batch_tokens is -1      | from 0
            learn.gradient_checkpointing=2 | learn.gradient_checkpointing is 2   | true or false
            learn.clip=0.2                 | learn.clip is 0.2                   | two numbers
            learn.clip=[0, 0.2]            | learn.clip is [0,0.2]               | above 0
            learn.clip=[1, 0.2]            | learn.clip is [1,0.2]               | below 1
            learn.loss=sum                 | learn.loss is "sum"                 | token-mean
            learn.kl=-0.1                  | learn.kl is -0.1                    | at least 0
            learn.entropy=-0.1             | learn.entropy is -0.1               | at least 0
            learn.overlong=drop            | learn.overlong is "drop"            | keep, mask, punish
            learn.overlong_buffer=97       | learn.overlong_buffer is 97         | rollout.max_new_tokens, which is 96
            checkpoint.every=0             | checkpoint.every is 0               | at least 1
            checkpoint.keep_last=0         | checkpoint.keep_last is 0           | at least 1
            checkpoint.keep_best=1         | checkpoint.keep_best is 1           | true or false
            checkpoint.dtype=f16           | checkpoint.dtype is "f16"           | f32, bf16, auto
            eval.every=-1                  | eval.every is -1                    | at least 0
            eval.samples=0                 | eval.samples is 0                   | a whole number
            eval.temperature=-1            | eval.temperature is -1              | at least 0
            eval.max_new_tokens=0          | eval.max_new_tokens is 0            | a whole number
            journal.traces_every=-1        | journal.traces_every is -1          | at least 0
            journal.traces=0               | journal.traces is 0                 | a whole number
            seed=1.5                       | seed is 1.5                         | a whole number
            out=[]                         | out is []                           | a directory
            credit=3                       | credit is 3                         | a mapping
            """)
    void aWrongValueIsRefusedWithKeyAndExpectation(String override, String given, String expected) {
        assertThatThrownBy(() -> read(GRPO, override))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(given, "expected", expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            credit.shares=0.4     | no key credit.shares  | credit.share
            group=8               | no key group          | rollout.group
            learning.steps=8      | no key learning       | nearest known key is learn
            credt.share=0.3       | no key credt          | nearest known key is credit
            rollout.maxnewtokens=3| no key rollout.maxnew | rollout.max_new_tokens
            """)
    void anUnknownKeyIsRefusedWithTheNearestKnownOne(String override, String unknown, String nearest) {
        assertThatThrownBy(() -> read(GRPO, override))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(unknown, nearest);
    }

    @Test
    void errorsInTheFileNameTheFile() {
        String yaml = GRPO + "credit: {share: 1.5}\n";
        assertThatThrownBy(() -> read(yaml))
                .hasMessageStartingWith(directory.resolve("mine.yaml") + ": credit.share is 1.5");
    }

    @Test
    void aMissingKeyIsReportedWithTheNearestOne() {
        assertThatThrownBy(() -> read(GRPO.replace("model:", "modle:")))
                .hasMessageContainingAll("model is missing", "is modle a misspelling of it");
    }

    @Test
    void anEmptyValueIsRefused() {
        assertThatThrownBy(() -> read(GRPO + "seed:\n")).hasMessageContaining("seed is empty");
        assertThatThrownBy(() -> read(GRPO, "seed=")).hasMessageContaining("seed= has no value");
    }

    @Test
    void aKeyThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> read(GRPO + "seed: 1\nseed: 2\n")).hasMessageContaining("not valid YAML, line");
        assertThatThrownBy(() -> read(GRPO, "seed=1", "seed=2")).hasMessageContaining("seed is given twice");
    }

    @Test
    void invalidConfigurationsAreRejected() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("holds no keys");
        assertThatThrownBy(() -> read("[1, 2]")).hasMessageContaining("holds no keys");
        assertThatThrownBy(() -> read("a: [")).hasMessageContaining("not valid YAML");
        assertThatThrownBy(() -> read(GRPO, "learn.kl=.nan")).hasMessageContaining("learn.kl=.nan is not valid");
        assertThatThrownBy(() -> read(GRPO, "steps")).hasMessageContaining("expected key.path=value");
        assertThatThrownBy(() -> TrainConfig.read(directory.resolve("none.yaml"), List.of()))
                .hasMessageContaining("no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed: *n", "rollout: {<<: *n}", "credit: {share: *n}"})
    void anAliasIsRejected(String line) {
        String yaml = GRPO.replace("kind: grpo", "kind: &n grpo") + line + "\n";
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("mine.yaml: line 5: *n is an alias", "the value itself");
        assertThatThrownBy(() -> read(GRPO + "*n : 3\n"))
                .hasMessageContaining("line 5, column 3: Expected a field name")
                .hasMessageNotContaining("snakeyaml");
    }

    @Test
    void anAliasOnTheCommandLineIsRefused() throws IOException {
        assertThatThrownBy(() -> read(GRPO, "out=*n"))
                .hasMessageContaining("command line: out: line 1: *n is an alias");
        assertThat(read(GRPO, "out=\"*n\"").out()).isEqualTo(Path.of("*n"));
    }

    @Test
    void aLargeFileIsRefusedByItsSize() {
        String yaml = GRPO + "# padding\n".repeat(110_000);
        assertThatThrownBy(() -> read(yaml))
                .hasMessageContainingAll("has " + yaml.length() + " bytes", "at most 1048576");
    }

    @Test
    void aDirectoryIsCalledOne() {
        assertThatThrownBy(() -> TrainConfig.read(directory, List.of())).hasMessageContaining("is a directory");
    }

    @Test
    void aDottedKeyInTheFileIsRefused() {
        assertThatThrownBy(() -> read(GRPO + "learn.steps: 3\n"))
                .hasMessageContainingAll("no key \"learn.steps\"", "in the file write learn: {steps: ..}");
    }

    @Test
    void aLookAlikeKeyIsShownWithTheDifference() {
        String learn = "learn: {steps: 300, learning_rate: 1e-4";
        assertThatThrownBy(() -> read(GRPO.replace(learn, learn + ", \"steps \": 3")))
                .hasMessageContainingAll("no key \"learn.steps \"", "known key is learn.steps");
        assertThatThrownBy(() -> read(GRPO.replace(learn, learn + ", \"steps\\u200b\": 3")))
                .hasMessageContaining("no key \"learn.steps\\u200b\"");
        assertThatThrownBy(() -> read(GRPO, "task.\nname=a"))
                .hasMessageStartingWith("command line: \"task.\\nname=a\"; expected key.path=value")
                .hasMessageNotContaining("\n");
    }

    @Test
    void errorsOfTheCommandLineDoNotNameTheFile() {
        assertThatThrownBy(() -> read(GRPO, "credit={shre: 3}"))
                .hasMessageStartingWith("command line: there is no key credit.shre");
        assertThatThrownBy(() -> read(GRPO, "learn={steps: 3}"))
                .hasMessageStartingWith("command line: learn.learning_rate is missing");
        assertThatThrownBy(() -> read(GRPO, "credit.strategy=lopti", "credit.normalize=mean"))
                .hasMessageContaining("mine.yaml, with credit.normalize, credit.strategy (command line): ");
        assertThatThrownBy(() -> read(GRPO + "credit: {strategy: lopti, normalize: mean}\n"))
                .hasMessageStartingWith(directory.resolve("mine.yaml") + ": ")
                .hasMessageNotContaining("command line");
    }

    @Test
    void longValuesAreShortenedInMessages() {
        assertThatThrownBy(() -> read(GRPO, "model=[" + "9".repeat(900) + "]"))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).length()).isLessThan(400));
    }

    @Test
    void greedyAnswersAreGeneratedOnce() {
        assertThatThrownBy(() -> read(GRPO, "eval.temperature=0", "eval.samples=4"))
                .hasMessageContaining("eval.samples is 4");
    }

    @Test
    void aModelIsGivenOrMadeFromScratch() throws IOException {
        SftConfig scratch = (SftConfig) read(SFT);
        assertThat(scratch.model()).isNull();
        assertThat(scratch.architecture()).isNotNull();
        assertThatThrownBy(() -> read(SFT, "model=x")).hasMessageContainingAll("model is \"x\"", "architecture");
        assertThatThrownBy(() -> read(SFT, "architecture.kv_heads=3"))
                .hasMessageContaining("a divisor of architecture.heads");
    }
}
