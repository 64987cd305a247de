package dev.upbeat.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** A listener that collects the warnings of a training. */
@NullMarked
final class Warnings implements TrainingListener {
    final List<String> texts = new ArrayList<>();

    @Override
    public void began(long step, long steps) {}

    @Override
    public void stepped(Map<String, ?> metrics) {}

    @Override
    public void warn(String text) {
        texts.add(text);
    }
}
