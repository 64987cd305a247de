package dev.upbeat.model;

import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Packed sequences: one row of U tokens without padding. Consecutive sequences with the same prompt share it, because
 * under causal attention its states are the same for all of them. Only attention runs on a padded batch [B, N] ({@link
 * PaddedLayout}). The last token of a sequence predicts nothing here and may be left out.
 */
public final class Packing {
    private final List<int[]> prompts;
    private final List<int[]> responses;
    private final boolean includeLast;
    private final int lengthIndependentUpTo;
    private final int longest;
    private final List<PromptGroup> groups = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final int size;

    /**
     * Consecutive sequences with the same prompt.
     *
     * @param row number of the first sequence
     * @param rows number of sequences
     * @param start packed index of the prompt's first token
     * @param prompt P, its length
     */
    record PromptGroup(int row, int rows, int start, int prompt) {}

    /**
     * @param prompts [B], each [P] with P >= 1; consecutive equal prompts are packed once
     * @param responses [B], each [T] with T >= 1
     * @param includeLast whether the last tokens of the responses are packed too; they predict nothing, but are queries
     * @param lengthIndependentUpTo length up to which all sequences have the same rotary frequencies; a longer sequence
     *     shares its prompt only with sequences of its own length
     */
    public Packing(List<int[]> prompts, List<int[]> responses, boolean includeLast, int lengthIndependentUpTo) {
        this.prompts = List.copyOf(prompts);
        this.responses = List.copyOf(responses);
        this.includeLast = includeLast;
        this.lengthIndependentUpTo = lengthIndependentUpTo;
        int end = 0;
        int width = 0;
        for (int row = 0; row < prompts.size(); ) {
            int[] prompt = prompts.get(row);
            int rows = 1;
            while (row + rows < prompts.size()
                    && Arrays.equals(prompts.get(row + rows), prompt)
                    && ropeLength(row + rows) == ropeLength(row)) {
                rows++;
            }
            groups.add(new PromptGroup(row, rows, end, prompt.length));
            end += prompt.length;
            for (int r = row; r < row + rows; r++) {
                starts.add(end);
                end += tokens(r);
                width = Math.max(width, prompt.length + tokens(r));
            }
            row += rows;
        }
        this.size = end;
        this.longest = width;
    }

    /** Number of packed tokens of a response. */
    private int tokens(int row) {
        return responses.get(row).length - (includeLast ? 0 : 1);
    }

    /** Length that determines the rotary frequencies of a sequence: the whole sequence, last token included. */
    private int ropeLength(int row) {
        return Math.max(lengthIndependentUpTo, prompts.get(row).length + responses.get(row).length);
    }

    /** U, the number of packed tokens. */
    public int size() {
        return size;
    }

    /** B, the number of sequences. */
    int rows() {
        return prompts.size();
    }

    /** N, the length of the padded batch. */
    int longest() {
        return longest;
    }

    List<PromptGroup> groups() {
        return groups;
    }

    /** Whether the packed tokens, in their order, are the padded batch. */
    boolean hasNoPadding() {
        return size == rows() * longest;
    }

    /** Token ids: int64, [1, U]. */
    Tensor ids() {
        long[] ids = new long[size];
        for (PromptGroup group : groups) {
            copy(prompts.get(group.row), group.prompt, ids, group.start);
            for (int row = group.row; row < group.row + group.rows; row++) {
                copy(responses.get(row), tokens(row), ids, starts.get(row));
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
        for (PromptGroup group : groups) {
            for (int t = 0; t < group.prompt; t++) {
                positions[group.start + t] = t;
            }
            for (int row = group.row; row < group.row + group.rows; row++) {
                for (int t = 0; t < tokens(row); t++) {
                    positions[starts.get(row) + t] = group.prompt + t;
                }
            }
        }
        return positions;
    }

    /** Length that determines the rotary frequencies of each token, [U]. */
    int[] ropeLengths() {
        int[] ropeLengths = new int[size];
        for (int g = 0; g < groups.size(); g++) {
            int end = g + 1 < groups.size() ? groups.get(g + 1).start : size;
            Arrays.fill(ropeLengths, groups.get(g).start, end, ropeLength(groups.get(g).row));
        }
        return ropeLengths;
    }

    /** Packed index of the token in each slot of the padded batch, 0 for padding: int64, [B N]. */
    Tensor tokenOfSlot() {
        return Tensors.of(slots(true, 0), (long) rows() * longest);
    }

    /**
     * Packed index of the token in each slot, but U for padding and for further copies of a shared prompt: int64, [B
     * N].
     */
    Tensor ownerOfSlot() {
        return Tensors.of(slots(false, size), (long) rows() * longest);
    }

    private long[] slots(boolean includeCopies, long empty) {
        long[] slots = new long[rows() * longest];
        Arrays.fill(slots, empty);
        for (PromptGroup group : groups) {
            for (int row = group.row; row < group.row + group.rows; row++) {
                int slot = row * longest;
                if (includeCopies || row == group.row) {
                    fillConsecutive(group.start, group.prompt, slots, slot);
                }
                fillConsecutive(starts.get(row), tokens(row), slots, slot + group.prompt);
            }
        }
        return slots;
    }

    private static void fillConsecutive(int from, int count, long[] to, int start) {
        for (int i = 0; i < count; i++) {
            to[start + i] = (long) from + i;
        }
    }

    /** Slot of each token in the padded batch, the first one for a shared prompt: int64, [U]. */
    Tensor slotOfToken() {
        long[] owners = slots(false, size);
        long[] slots = new long[size];
        for (int slot = 0; slot < owners.length; slot++) {
            if (owners[slot] < size) {
                slots[(int) owners[slot]] = slot;
            }
        }
        return Tensors.of(slots, size);
    }

    /** Packed index of a response's first token; the others follow it. */
    public int start(int row) {
        return starts.get(row);
    }

    /** Packed indices of the tokens that predict the responses, one response after the other: [sum of T]. */
    public long[] predictingTokens() {
        long[] rows = new long[responses.stream().mapToInt(r -> r.length).sum()];
        int next = 0;
        for (PromptGroup group : groups) {
            for (int row = group.row; row < group.row + group.rows; row++) {
                rows[next] = group.start + group.prompt - 1L;
                fillConsecutive(starts.get(row), responses.get(row).length - 1, rows, next + 1);
                next += responses.get(row).length;
            }
        }
        return rows;
    }

    /** Token ids of the responses, one response after the other: [sum of T]. */
    public long[] targets() {
        return responses.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    /** Repeats the value of each response, [B], for each of its tokens, one response after the other: [sum of T]. */
    public float[] repeatPerToken(float[] values) {
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
