package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StudyGridCommandTest {
    @TempDir
    private static Path shared;

    private static Path grid;
    private static Path base;

    @BeforeAll
    static void makeAModelAndAGrid() throws IOException {
        Path sft = Files.writeString(shared.resolve("sft.yaml"), """
                kind: sft
                architecture: {layers: 3, hidden: 16, heads: 2, kv_heads: 1, head_dim: 8, mlp: 24, context: 160}
                task: {name: countdown, numbers: 3, test: 4}
                learn: {steps: 4, batch: 4, learning_rate: 3.0e-3}
                validation: {every: 0}
                eval: {every: 0}
                out: %s
                """.formatted(shared.resolve("sft")));
        upbeat("train", sft, "--threads", 1, "--quiet").done();
        base = Files.writeString(shared.resolve("grpo.yaml"), """
                kind: grpo
                model: %s
                task: {name: countdown, numbers: 3, train: 50, test: 8, format_reward: 0.5, length_penalty: 0.25, length_to: 200, length_from: 0}
                rollout: {prompts: 2, group: 4, max_new_tokens: 30}
                learn: {steps: 3, learning_rate: 1.0e-3}
                eval: {every: 3}
                checkpoint: {every: 1, keep_last: 1}
                journal: {traces_every: 0}
                """.formatted(shared.resolve("sft/checkpoint-4")));
        grid = Files.writeString(shared.resolve("grid.yaml"), """
                base: grpo.yaml
                methods:
                  uniform: {credit.strategy: uniform}
                  coupled: {credit.strategy: coupled-rhythm}
                  constant: {credit.strategy: constant, credit.gamma: mean of coupled}
                seeds: [0, 1]
                out: %s
                """.formatted(shared.resolve("unused")));
    }

    private static JsonNode table(Path out) throws IOException {
        return new ObjectMapper().readTree(out.resolve("study.json").toFile()).path("table");
    }

    @Test
    void aGridIsPlannedAndRunOnce() throws IOException {
        Path out = shared.resolve("grid");
        Cli dry = upbeat("study", "grid", grid, "--seeds", "0", "--out", out, "--dry-run", "--threads", 1)
                .done();
        assertThat(dry.out())
                .contains("method coupled: coupled-rhythm", "share 0.4", "gamma mean of coupled")
                .contains("to do", "3 of 3 runs remain", "minute", "two timed steps")
                .contains(
                        "waiting    countdown, constant, seed 0 (needs the mean gamma of countdown, coupled, seed 0)");
        assertThat(out).doesNotExist();
        Cli done = upbeat("study", "grid", grid, "--seeds", "0", "--out", out, "--jobs", 2, "--threads", 1)
                .done();
        assertThat(done.out()).contains("3 of 3 runs are done", "report: " + out.resolve("report.html"));
        assertThat(done.err()).contains("method coupled: coupled-rhythm, amplification 1.5");
        assertThat(out.resolve("study.md")).content().contains("## Methods", "coupled-rhythm, amplification 1.5");
        assertThat(done.err()).contains("started countdown, uniform, seed 0", "done countdown, constant, seed 0");
        assertThat(done.err()).containsPattern("done countdown, uniform, seed 0: [a-z]+-[a-z]+ [0-9.]+ %");
        assertThat(Cli.names(out)).contains("rows.jsonl", "study.json", "study.md", "report.html", "figures");
        assertThat(upbeat("study", "grid", grid, "--seeds", "0", "--out", out, "--dry-run")
                        .done()
                        .out())
                .contains("0 of 3 runs remain");
        Cli again = upbeat("study", "grid", grid, "--seeds", "0", "--out", out).done();
        assertThat(again.err()).doesNotContain("started");
    }

    @Test
    void aTerminatedProbeListsTheRunsAndLeavesNothing() throws Exception {
        Path out = shared.resolve("probed");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "study", "grid"));
        // so long a probe that it is interrupted, not ended
        command.addAll(List.of("" + grid, "--out", "" + out, "--dry-run", "rollout.prompts=4000"));
        Process process = new ProcessBuilder(command).start();
        try {
            for (int line = 0; line < 3; line++) {
                assertThat(process.inputReader().readLine()).startsWith("method ");
            }
            for (int line = 0; line < 6; line++) {
                assertThat(process.inputReader().readLine()).contains("seed");
            }
            while (process.isAlive() && !probeHasBegun(out)) {
                Thread.sleep(5);
            }
            process.toHandle().destroy(); // SIGTERM; the streams stay open
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.inputReader().readLine()).as("no estimate").isNull();
            assertThat(out).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean probeHasBegun(Path out) throws IOException {
        return Files.exists(out)
                && Cli.names(out).stream()
                        .anyMatch(name -> name.startsWith(".probe-")
                                && Files.exists(out.resolve(name).resolve("run/config.yaml")));
    }

    @Test
    void aKilledProbesFilesAreDeletedNextTime() throws Exception {
        Path out = shared.resolve("left");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(out.resolve(".probe-" + dead.pid() + ".1f.tmp/run"));
        Files.createDirectories(out.resolve(".probe-" + ProcessHandle.current().pid() + ".1f.tmp"));
        Files.createDirectories(out.resolve(".probe-mine"));
        upbeat("study", "grid", grid, "--seeds", "0", "--out", out, "--dry-run", "--threads", 1)
                .done();
        assertThat(Cli.names(out))
                .containsExactlyInAnyOrder(".probe-" + ProcessHandle.current().pid() + ".1f.tmp", ".probe-mine");
    }

    @Test
    void aBadGridIsRefusedBeforeAnythingIsWritten() {
        Path out = shared.resolve("never");
        upbeat("study", "grid", grid, "--out", out, "learn.stps=3").refused("no key learn.stps", "learn.steps");
        upbeat("study", "grid", grid, "--out", out, "--seeds", "0,0").refused("--seeds 0,0", "different whole numbers");
        upbeat("study", "grid", grid, "--out", out, "--jobs", 0).refused("--jobs 0", "at least 1");
        upbeat("study", "grid", grid, "--out", out, "model=" + shared.resolve("gone"))
                .refused("gone");
        upbeat("study", "grid", shared.resolve("none.yaml")).refused("no such file");
        upbeat("study", "grid", grid, "--out", grid).refused("is a file");
        assertThat(out).doesNotExist();
    }

    @Test
    void anAblationIsAGrid() {
        Cli dry = upbeat("study", "sign", base, "--seeds", "0,1", "--out", shared.resolve("sign"), "--dry-run")
                .done();
        assertThat(dry.out()).contains("countdown, positive, seed 0", "countdown, random, seed 1", "10 of 10 runs");
        upbeat("study", "layer", base).refused("Did you mean layers?");
    }

    @Test
    @Tag("slow")
    void aGridKilledTenTimesEndsInTheSameTable() throws Exception {
        Path whole = shared.resolve("whole");
        upbeat("study", "grid", grid, "--out", whole, "--jobs", 2, "--threads", 1, "learn.steps=12")
                .done();
        Path killed = shared.resolve("killed");
        SplittableRandom random = new SplittableRandom(10);
        long progress = 0;
        for (int kill = 0; kill < 10; kill++) {
            Process process = start(killed);
            // Some progress each time, else the instants would all lie in the start.
            long until = progress + 1 + random.nextInt(14);
            while (process.isAlive() && lines(killed) < until) {
                Thread.sleep(5);
            }
            Thread.sleep(random.nextInt(300));
            process.destroyForcibly(); // SIGKILL
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            progress = lines(killed);
        }
        upbeat("study", "grid", grid, "--out", killed, "--jobs", 2, "--threads", 1, "learn.steps=12")
                .done();
        assertThat(table(killed)).isEqualTo(table(whole));
        assertThat(table(killed).path("done").asInt()).isEqualTo(6);
    }

    private static Process start(Path out) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "study", "grid"));
        command.addAll(List.of("" + grid, "--out", "" + out, "--jobs", "2", "--threads", "1", "learn.steps=12"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Lines of all metrics: how far the grid is. */
    private static long lines(Path out) throws IOException {
        if (!Files.exists(out)) {
            return 0;
        }
        long lines = 0;
        try (Stream<Path> runs = Files.list(out)) {
            for (Path run : runs.toList()) {
                Path metrics = run.resolve("metrics.jsonl");
                if (Files.exists(metrics)) {
                    lines += Files.readString(metrics).lines().count();
                }
            }
        }
        return lines;
    }
}
