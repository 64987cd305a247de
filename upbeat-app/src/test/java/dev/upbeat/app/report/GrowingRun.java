package dev.upbeat.app.report;

import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A training in another process, which writes a step for each line that it gets and can be killed. */
final class GrowingRun implements AutoCloseable {
    /** Steps that the training would have. */
    static final int STEPS = 40;

    private static final int TRACES_EVERY = 5;

    private final Process process;

    private GrowingRun(Process process) {
        this.process = process;
    }

    public static void main(String[] words) throws IOException {
        Path directory = Path.of(words[0]);
        var config = DemoTraining.config("coupled-rhythm", STEPS);
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("countdown", "ab".repeat(32)), null, config, 0, "2.10.0", 2, "default", List.of());
        try (TrainingRun run = TrainingRun.begin(TrainingRun.reserve(directory), config, provenance)) {
            for (int step = 0; System.in.read() >= 0; step++) {
                DemoTraining.step(run, step, "coupled-rhythm", step % TRACES_EVERY == 0);
                System.out.println(step);
            }
        }
    }

    /** Starts a run without a step. */
    static GrowingRun start(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GrowingRun.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        GrowingRun run = new GrowingRun(process);
        run.steps(1); // step 0, the evaluation before the first
        return run;
    }

    /** Writes further steps. */
    void steps(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            if (process.inputReader().readLine() == null) {
                throw new IOException("the run has ended");
            }
        }
    }

    /** Ends the process as a crash does. */
    void kill() {
        try {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
