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

    /** The hook, whose every look is timed. */
    AttentionHook timed(AttentionHook hook) {
        return new AttentionHook() {
            @Override
            public boolean wants(int layer) {
                return hook.wants(layer);
            }

            @Override
            public void observe(int layer, LayerAttention attention) {
                time(() -> hook.observe(layer, attention));
            }
        };
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }
}
