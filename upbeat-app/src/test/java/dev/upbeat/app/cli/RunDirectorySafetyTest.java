package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No command writes or deletes outside of the directory that it is given. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows makes links for administrators alone")
class RunDirectorySafetyTest {
    @TempDir
    private static Path shared;

    private static Path model;
    private static Path prompts;

    @TempDir
    private Path directory;

    private Path outside;

    @BeforeAll
    static void aModelThatIsTrainedInAMoment() throws IOException {
        upbeat("train", config(shared.resolve("sft")), "--threads", 1, "--quiet")
                .done();
        model = shared.resolve("sft/checkpoint-4");
        prompts = Files.writeString(shared.resolve("prompts.jsonl"), "{\"id\": \"1\", \"prompt\": \"12\"}\n");
    }

    @BeforeEach
    void aFolderOfSomebodyElse() throws IOException {
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious.parquet"), "theirs");
        Files.writeString(outside.resolve("step-000900.parquet"), "theirs");
    }

    private static Path config(Path out) throws IOException {
        return Files.writeString(shared.resolve(out.getFileName() + ".yaml"), """
                kind: sft
                architecture: {layers: 3, hidden: 16, heads: 2, kv_heads: 1, head_dim: 8, mlp: 24, context: 160}
                task: {name: countdown, test: 4}
                learn: {steps: 4, batch: 4, learning_rate: 3.0e-3}
                checkpoint: {every: 2}
                validation: {every: 0}
                eval: {every: 0}
                out: %s
                """.formatted(out));
    }

    private void assertOutsideIsAsBefore() throws IOException {
        assertThat(Cli.names(outside)).containsExactly("precious.parquet", "step-000900.parquet");
        assertThat(outside.resolve("precious.parquet")).hasContent("theirs");
        assertThat(outside.resolve("step-000900.parquet")).hasContent("theirs");
    }

    @Test
    void resumingARunWithLinksChangesNothingOutside() throws IOException {
        Path run = directory.resolve("run");
        Path config = config(run);
        upbeat("train", config, "--threads", 1, "--quiet").done();
        for (String name : new String[] {"traces", "heads.json", "eval.jsonl", "failed-step-000003.jsonl"}) {
            Path link = run.resolve(name);
            Path saved = run.resolve("saved");
            if (Files.exists(link)) {
                Files.move(link, saved);
            }
            Files.createSymbolicLink(link, name.equals("traces") ? outside : outside.resolve("new"));
            upbeat("train", config, "--resume", "--threads", 1, "--quiet").refused(link.toString(), "symbolic link");
            assertOutsideIsAsBefore();
            Files.delete(link);
            if (Files.exists(saved)) {
                Files.move(saved, link);
            }
        }
        upbeat("train", config, "--resume", "--threads", 1, "--quiet").done();
    }

    @Test
    void analyzeReplacesNoRunThatHasLinks() throws IOException {
        Path run = directory.resolve("run");
        Object[] analyze = {"analyze", model, "--prompts", prompts, "--max-new-tokens", 4, "--out", run, "--quiet"};
        upbeat(analyze).done();
        Files.createSymbolicLink(run.resolve("traces"), outside);
        Object[] forced = java.util.Arrays.copyOf(analyze, analyze.length + 1);
        forced[analyze.length] = "--force";
        upbeat(forced).refused(run.resolve("traces").toString(), "symbolic link");
        upbeat("eval", model, "--task", "countdown", "--limit", 1, "--max-new-tokens", 4, "--out", run, "--force", "-q")
                .refused(run.resolve("traces").toString(), "symbolic link");
        upbeat("report", run).refused(run.resolve("traces").toString(), "symbolic link");
        assertOutsideIsAsBefore();
        Files.delete(run.resolve("traces"));
        Files.delete(run.resolve("report.html"));
        Files.createSymbolicLink(run.resolve("report.html"), outside.resolve("precious.parquet"));
        upbeat("report", run).refused(run.resolve("report.html").toString(), "symbolic link");
        assertOutsideIsAsBefore();
        Files.delete(run.resolve("report.html"));
        upbeat(forced).done();
    }

    @Test
    void aStudyReplacesNoDirectoryThatHasLinks() throws IOException {
        Path study = Files.createDirectory(directory.resolve("study"));
        Files.writeString(study.resolve("study.json"), "{}");
        Files.createSymbolicLink(study.resolve("runs"), outside);
        upbeat("study", "linkage", model, "--prompts", prompts, "--max-new-tokens", 4, "--out", study, "--force", "-q")
                .refused(study.resolve("runs").toString(), "symbolic link");
        assertOutsideIsAsBefore();
    }

    @Test
    void aGridWritesThroughNoLink() throws IOException {
        Path base = Files.writeString(directory.resolve("base.yaml"), """
                kind: grpo
                model: %s
                task: {name: countdown, train: 50, test: 4, format_reward: 0.5, length_penalty: 0.25, length_to: 200, length_from: 0}
                rollout: {prompts: 2, group: 4, max_new_tokens: 30}
                learn: {steps: 1, learning_rate: 1.0e-3}
                eval: {every: 1}
                out: unused
                """.formatted(model));
        Path out = Files.createDirectory(directory.resolve("grid"));
        Path grid = Files.writeString(directory.resolve("grid.yaml"), """
                base: %s
                out: %s
                seeds: [1]
                methods: {uniform: {credit.strategy: uniform}}
                """.formatted(base, out));
        for (String name : new String[] {"figures", ".lock", "study.json", "report.html", "rows.jsonl"}) {
            Path link = out.resolve(name);
            Files.createSymbolicLink(link, name.equals("figures") ? outside : outside.resolve("new"));
            upbeat("study", "grid", grid, "--quiet").refused(link.toString(), "link");
            assertOutsideIsAsBefore();
            Files.delete(link);
        }
    }
}
