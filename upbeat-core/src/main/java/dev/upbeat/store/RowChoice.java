package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file to use: all, the first ones, or a random sample in the order of the file.
 *
 * @param limit number of rows to use from the beginning; null for no limit
 * @param sample number of rows to draw without replacement; null for no draw
 * @param seed of the draw
 */
public record RowChoice(@Nullable Integer limit, @Nullable Integer sample, long seed) {
    public static final RowChoice ALL = new RowChoice(null, null, 0);

    /** Separates the draw from other random streams of the same seed. */
    private static final long STREAM = 0x726f7773L;

    public RowChoice {
        if (limit != null && sample != null) {
            throw new BadInputException("--limit " + limit + " and --sample " + sample
                    + " both choose rows; give --limit for the first rows, or --sample for random ones");
        }
        requirePositive("--limit", limit);
        requirePositive("--sample", sample);
    }

    private static void requirePositive(String option, @Nullable Integer rows) {
        if (rows != null && rows < 1) {
            throw new BadInputException(option + " " + rows + ": expected at least 1 row");
        }
    }

    /** The number of rows to read from the beginning. */
    public int most() {
        return limit == null ? Integer.MAX_VALUE : limit;
    }

    /**
     * The chosen rows, in their order.
     *
     * @param source of the rows, for the message
     * @throws BadInputException if there are fewer rows than the sample needs
     */
    public <T> List<T> of(List<T> rows, String source) {
        if (sample == null) {
            return rows.stream().limit(most()).toList();
        }
        if (sample > rows.size()) {
            throw new BadInputException("--sample " + sample + ": " + source + " has " + rows.size()
                    + " rows; expected at most that many, or leave --sample out to use all");
        }
        List<Integer> indices =
                new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
        RandomStream.shuffle(indices, RandomStream.of(seed, STREAM));
        return indices.subList(0, sample).stream().sorted().map(rows::get).toList();
    }
}
