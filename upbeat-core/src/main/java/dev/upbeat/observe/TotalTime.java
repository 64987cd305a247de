package dev.upbeat.observe;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.tensor.LayerAttention;
import java.util.concurrent.atomic.LongAdder;

/** Adds up the time of pieces of work, whichever threads do them. */
final class TotalTime {
    private final LongAdder nanos = new LongAdder();

    void time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        nanos.add(System.nanoTime() - start);
    }

    /** The tap, whose every look is timed. */
    AttentionHook timed(AttentionHook tap) {
        return new AttentionHook() {
            @Override
            public boolean wants(int layer) {
                return tap.wants(layer);
            }

            @Override
            public void see(int layer, LayerAttention attention) {
                time(() -> tap.see(layer, attention));
            }
        };
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }
}
