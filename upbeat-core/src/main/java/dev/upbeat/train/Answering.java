package dev.upbeat.train;

import dev.upbeat.eval.Evaluation;
import java.util.function.BooleanSupplier;

/** Reports how far the generation of responses is, and ends it when the training is asked to stop. */
final class Answering {
    private static final long PAUSE_NANOS = 200_000_000;

    private final TrainingListener listener;
    private volatile BooleanSupplier stop = () -> false;

    Answering(TrainingListener listener) {
        this.listener = listener;
    }

    /** Ends every generation with a {@link StoppedException} once the supplier returns true. */
    void stopWhen(BooleanSupplier asked) {
        stop = asked;
    }

    /**
     * Receives the progress of one generation, one call at a time.
     *
     * @param work its name: "step 5: rollouts"
     * @param steps number of steps done if the training stops here
     */
    Evaluation.Listener progress(String work, long steps) {
        return new Evaluation.Listener() {
            private long total = 1;
            private long done;
            private long toldNanos = System.nanoTime();

            @Override
            public void began(String stage, long units) {
                total = units;
            }

            @Override
            public void advanced(long units) {
                if (stop.getAsBoolean()) {
                    throw new StoppedException(steps);
                }
                done += units;
                long now = System.nanoTime();
                if (now - toldNanos >= PAUSE_NANOS) {
                    toldNanos = now;
                    listener.progressed(work, Math.min(1, (double) done / total));
                }
            }

            @Override
            public void spared(long units) {
                total -= units;
            }
        };
    }
}
