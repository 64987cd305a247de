package dev.upbeat.train;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TraceFile;
import dev.upbeat.store.TraceRow;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.countdown.SearchTraces;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Traces to learn from, a batch a step, and traces that are never learnt from. The same step gives the same batch. */
interface SupervisedData {
    /** @param step from 0 */
    List<Trace> batch(long step);

    List<Trace> validation();

    /** Fresh Countdown searches at every step. */
    record Demonstrations(long seed, int batchSize, int validationTraces) implements SupervisedData {
        @Override
        public List<Trace> batch(long step) {
            long first = step * batchSize;
            return LongStream.range(first, first + batchSize)
                    .mapToObj(index -> SearchTraces.training(seed, index))
                    .toList();
        }

        @Override
        public List<Trace> validation() {
            return IntStream.range(0, validationTraces)
                    .mapToObj(index -> SearchTraces.heldOut(seed, index))
                    .toList();
        }
    }

    /** A file's rows, every epoch in an order of its own; its last rows are for validation. */
    record Rows(List<Trace> training, List<Trace> validation, long seed, int batchSize) implements SupervisedData {
        /** @throws BadInputException where a row cannot be used, or there are too few */
        static Rows read(Path file, Encoding encoding, long seed, int batchSize, int validationTraces)
                throws IOException {
            List<TraceRow> rows = TraceFile.read(file);
            int training = rows.size() - validationTraces;
            if (training < 1) {
                throw new BadInputException(file + ": has " + rows.size() + " traces, and validation.traces takes "
                        + validationTraces + " of them; give more traces, or a smaller validation.traces");
            }
            List<Trace> traces = rows.stream().map(encoding::trace).toList();
            return new Rows(traces.subList(0, training), traces.subList(training, rows.size()), seed, batchSize);
        }

        @Override
        public List<Trace> batch(long step) {
            return Arrays.stream(Epochs.indices(seed, step, batchSize, training.size()))
                    .mapToObj(training::get)
                    .toList();
        }
    }
}
