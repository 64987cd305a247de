package dev.upbeat.model;

import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Sequences as one row of U tokens: no padding, and a prompt that neighbours share held once, for under causal attention its
 * states are the same for all of them. Only attention sees them as rows of a batch [B, N]. The last token of a sequence
 * predicts nothing here and may be left out.
 */
public final class Packing {
    private final List<int[]> prompts;
    private final List<int[]> responses;
    private final boolean lastToo;
    private final int alikeUpTo;
    private final int longest;
    private final List<Shared> shared = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final int size;

    /**
     * Rows that go on from one prompt.
     *
     * @param row the first of them in the batch
     * @param rows how many
     * @param start packed place of the prompt's first token
     * @param prompt P, its length
     */
    record Shared(int row, int rows, int start, int prompt) {}

    /**
     * @param prompts [B], each [P] with P >= 1; equal neighbours are held once
     * @param responses [B], each [T] with T >= 1
     * @param lastToo whether the responses' last tokens run too: as queries, for they predict nothing
     * @param alikeUpTo longest sequence with the rotary frequencies of all shorter ones; a longer one shares its prompt only
     *     with sequences of its length
     */
    public Packing(List<int[]> prompts, List<int[]> responses, boolean lastToo, int alikeUpTo) {
        this.prompts = List.copyOf(prompts);
        this.responses = List.copyOf(responses);
        this.lastToo = lastToo;
        this.alikeUpTo = alikeUpTo;
        int end = 0;
        int width = 0;
        for (int row = 0; row < prompts.size(); ) {
            int[] prompt = prompts.get(row);
            int rows = 1;
            while (row + rows < prompts.size()
                    && Arrays.equals(prompts.get(row + rows), prompt)
                    && stretch(row + rows) == stretch(row)) {
                rows++;
            }
            shared.add(new Shared(row, rows, end, prompt.length));
            end += prompt.length;
            for (int r = row; r < row + rows; r++) {
                starts.add(end);
                end += held(r);
                width = Math.max(width, prompt.length + held(r));
            }
            row += rows;
        }
        this.size = end;
        this.longest = width;
    }

    /** Tokens of a response that run. */
    private int held(int row) {
        return responses.get(row).length - (lastToo ? 0 : 1);
    }

    /** Length that sets the row's rotary frequencies: of the whole sequence, its last token included. */
    private int stretch(int row) {
        return Math.max(alikeUpTo, prompts.get(row).length + responses.get(row).length);
    }

    /** U. */
    public int size() {
        return size;
    }

    /** B. */
    int rows() {
        return prompts.size();
    }

    /** N of the batch that attention sees. */
    int longest() {
        return longest;
    }

    List<Shared> shared() {
        return shared;
    }

    /** Whether the tokens lie as in a batch without padding already. */
    boolean isWhole() {
        return size == rows() * longest;
    }

    /** Token ids: int64, [1, U]. */
    Tensor ids() {
        long[] ids = new long[size];
        for (Shared group : shared) {
            copy(prompts.get(group.row), group.prompt, ids, group.start);
            for (int row = group.row; row < group.row + group.rows; row++) {
                copy(responses.get(row), held(row), ids, starts.get(row));
            }
        }
        return Tensors.of(ids, 1, size);
    }

    private static void copy(int[] from, int count, long[] to, int start) {
        for (int i = 0; i < count; i++) {
            to[start + i] = from[i];
        }
    }

    /** Position of each token in its sequence, [U]. */
    int[] positions() {
        int[] positions = new int[size];
        for (Shared group : shared) {
            for (int t = 0; t < group.prompt; t++) {
                positions[group.start + t] = t;
            }
            for (int row = group.row; row < group.row + group.rows; row++) {
                for (int t = 0; t < held(row); t++) {
                    positions[starts.get(row) + t] = group.prompt + t;
                }
            }
        }
        return positions;
    }

    /** Length that sets the rotary frequencies of each token's sequence, [U]. */
    int[] stretches() {
        int[] stretches = new int[size];
        for (int g = 0; g < shared.size(); g++) {
            int end = g + 1 < shared.size() ? shared.get(g + 1).start : size;
            Arrays.fill(stretches, shared.get(g).start, end, stretch(shared.get(g).row));
        }
        return stretches;
    }

    /** For each place of the batch the packed token there, any for padding: int64, [B N]. */
    Tensor tokenOfPlace() {
        return Tensors.of(places(true, 0), (long) rows() * longest);
    }

    /** The packed token whose own place this is, U for padding and for a shared prompt's further places: int64, [B N]. */
    Tensor ownerOfPlace() {
        return Tensors.of(places(false, size), (long) rows() * longest);
    }

    private long[] places(boolean sharedToo, long otherwise) {
        long[] places = new long[rows() * longest];
        Arrays.fill(places, otherwise);
        for (Shared group : shared) {
            for (int row = group.row; row < group.row + group.rows; row++) {
                int place = row * longest;
                if (sharedToo || row == group.row) {
                    count(group.start, group.prompt, places, place);
                }
                count(starts.get(row), held(row), places, place + group.prompt);
            }
        }
        return places;
    }

    private static void count(int from, int count, long[] to, int start) {
        for (int i = 0; i < count; i++) {
            to[start + i] = (long) from + i;
        }
    }

    /** Each token's own place in the batch: int64, [U]. */
    Tensor placeOfToken() {
        long[] owners = places(false, size);
        long[] places = new long[size];
        for (int place = 0; place < owners.length; place++) {
            if (owners[place] < size) {
                places[(int) owners[place]] = place;
            }
        }
        return Tensors.of(places, size);
    }

    /** The packed place of a response's first token; its others follow. */
    public int start(int row) {
        return starts.get(row);
    }

    /** The packed tokens whose states predict the responses, one response after the other: [sum of T]. */
    public long[] predicting() {
        long[] rows = new long[responses.stream().mapToInt(r -> r.length).sum()];
        int next = 0;
        for (Shared group : shared) {
            for (int row = group.row; row < group.row + group.rows; row++) {
                rows[next] = group.start + group.prompt - 1L;
                count(starts.get(row), responses.get(row).length - 1, rows, next + 1);
                next += responses.get(row).length;
            }
        }
        return rows;
    }

    /** The responses' tokens, one response after the other: [sum of T]. */
    public long[] targets() {
        return responses.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    /** A value of each response, [B], for each of its tokens, one response after the other: [sum of T]. */
    public float[] everyToken(float[] values) {
        float[] every = new float
                [responses.stream().mapToInt(response -> response.length).sum()];
        int end = 0;
        for (int row = 0; row < rows(); row++) {
            int start = end;
            end += responses.get(row).length;
            Arrays.fill(every, start, end, values[row]);
        }
        return every;
    }
}
