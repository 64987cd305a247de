package dev.upbeat.train;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TraceFile;
import dev.upbeat.store.TraceRow;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.Problem;
import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.Demonstration;
import dev.upbeat.task.countdown.SearchTraces;
import dev.upbeat.trace.Trace;
import dev.upbeat.train.config.SftConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/** Training traces, one batch per step, and held-out traces. The same step gives the same batch. */
interface SupervisedData {
    /** @param step step number, from 0 */
    List<Trace> batch(long step);

    List<Trace> validation();

    /** @throws BadInputException if a row cannot be used, there are too few, or the model cannot learn the demonstrations */
    static SupervisedData of(SftConfig config, Encoding encoding) throws IOException {
        long seed = config.seed();
        int batch = config.batch();
        int validation = config.validation().traces();
        if (config.traces() != null) {
            return Rows.read(config.traces(), encoding, seed, batch, validation);
        }
        if (Tasks.hasSearchWords(encoding.tokenizer())) {
            return new Searches(
                    batch,
                    validation,
                    (index, test) -> test ? SearchTraces.heldOut(seed, index) : SearchTraces.training(seed, index));
        }
        config.requireDemonstrationsInWords();
        return new Searches(
                batch, validation, (index, test) -> inWords(Countdown.demonstration(seed, index, test), encoding));
    }

    /** New Countdown searches at every step. */
    record Searches(int batchSize, int validationTraces, Source source) implements SupervisedData {
        interface Source {
            /** @param test whether the puzzle is held out */
            Trace trace(long index, boolean test);
        }

        @Override
        public List<Trace> batch(long step) {
            long first = step * batchSize;
            return LongStream.range(first, first + batchSize)
                    .mapToObj(index -> source.trace(index, false))
                    .toList();
        }

        @Override
        public List<Trace> validation() {
            return LongStream.range(0, validationTraces)
                    .mapToObj(index -> source.trace(index, true))
                    .toList();
        }
    }

    /** A search in the words of any language model, with the prompt as that model gets it. */
    private static Trace inWords(Demonstration shown, Encoding encoding) {
        Problem problem = shown.problem();
        boolean asksText =
                encoding.prompts().asked(problem.id(), problem.prompt()).messages() == null;
        int[] prompt = encoding.prompt(problem);
        int[] response = encoding.ended(asksText ? shown.afterText() : shown.afterConversation());
        Trace trace = new Trace(problem.id(), prompt, response, null, 1, shown.right() ? 1.0 : 0.0);
        if (trace.length() > encoding.config().context()) {
            throw new BadInputException("demonstration " + problem.id() + " has " + trace.length()
                    + " tokens, more than the model's context of "
                    + encoding.config().context() + "; choose a model with a longer context");
        }
        return trace;
    }

    /** Rows of a file, shuffled again in each epoch. The last rows of the file are for validation. */
    record Rows(List<Trace> training, List<Trace> validation, long seed, int batchSize) implements SupervisedData {
        /** @throws BadInputException if a row cannot be used, or there are too few */
        static Rows read(Path file, Encoding encoding, long seed, int batchSize, int validationTraces)
                throws IOException {
            List<TraceRow> rows = rows(file, validationTraces);
            int training = rows.size() - validationTraces;
            List<Trace> traces = rows.stream()
                    .map(row -> BadInputException.at(row.place(), () -> trace(row, encoding)))
                    .toList();
            return new Rows(traces.subList(0, training), traces.subList(training, rows.size()), seed, batchSize);
        }

        /**
         * Reads the rows without encoding them.
         *
         * @throws BadInputException if a row cannot be read, or there are too few
         */
        static List<TraceRow> rows(Path file, int validationTraces) throws IOException {
            List<TraceRow> rows = TraceFile.read(file);
            if (rows.size() <= validationTraces) {
                throw new BadInputException(file + ": has " + rows.size() + " traces, and validation.traces takes "
                        + validationTraces + " of them; give more traces, or a smaller validation.traces");
            }
            return rows;
        }

        private static Trace trace(TraceRow row, Encoding encoding) {
            String name = "trace " + row.id();
            ModelConfig config = encoding.config();
            int[] prompt = encoding.prompts().encode(name, row.promptIds(), row.prompt());
            int[] response = row.responseIds() == null
                    ? BadInputException.at(name, () -> encoding.ended(Objects.requireNonNull(row.response())))
                    : row.responseIds();
            Trace trace = new Trace(row.id(), prompt, response, null, 1, row.reward());
            if (trace.length() > config.context()) {
                throw new BadInputException(name + " has " + trace.length()
                        + " tokens, more than the model's context of " + config.context() + "; shorten it");
            }
            config.requireKnown(trace.ids(), name + ":");
            return trace;
        }

        @Override
        public List<Trace> batch(long step) {
            return Arrays.stream(Epochs.indices(seed, step, batchSize, training.size()))
                    .mapToObj(training::get)
                    .toList();
        }
    }
}
