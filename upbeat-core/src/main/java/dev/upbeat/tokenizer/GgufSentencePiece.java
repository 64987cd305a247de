package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts a SentencePiece BPE vocabulary with byte fallback (Llama 2, Mistral 7B, TinyLlama) to a tokenizer.json. SentencePiece
 * joins the two neighbours whose union has the best score, while a tokenizer.json ranks pairs, so the pairs that make up a piece
 * are ranked by its score. A space is added before each text and after special tokens, as in the models' own tokenizer.json and
 * in llama.cpp.
 */
final class GgufSentencePiece {
    /** SentencePiece's mark for a space. */
    private static final String BLANK = "\u2581";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private GgufSentencePiece() {}

    private record Merge(String left, String right, double score) {
        int leftLength() {
            return left.codePointCount(0, left.length());
        }

        int rightLength() {
            return right.codePointCount(0, right.length());
        }
    }

    /**
     * All pairs of normal tokens that join to a third, sorted by its score, then by the length of the left part, both
     * descending.
     */
    static ArrayNode merges(List<String> tokens, int[] types, double[] scores) {
        Map<String, Integer> normal = new HashMap<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == GgufTokenizer.NORMAL) {
                normal.put(tokens.get(id), id);
            }
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == GgufTokenizer.NORMAL) {
                split(tokens.get(id), scores[id], normal, merges);
            }
        }
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(Merge::leftLength)
                .thenComparingInt(Merge::rightLength)
                .reversed());
        ArrayNode ranked = JSON.arrayNode();
        merges.forEach(merge -> ranked.addArray().add(merge.left()).add(merge.right()));
        return ranked;
    }

    private static void split(String piece, double score, Map<String, Integer> normal, List<Merge> merges) {
        for (int i = 1; i < piece.length(); i++) {
            if (Character.isLowSurrogate(piece.charAt(i))) {
                continue;
            }
            String left = piece.substring(0, i);
            String right = piece.substring(i);
            if (normal.containsKey(left) && normal.containsKey(right)) {
                merges.add(new Merge(left, right, score));
            }
        }
    }

    /** @param spacePrefix whether a space is added before a text */
    static ObjectNode normalizer(boolean spacePrefix) {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        if (spacePrefix) {
            steps.addObject().put("type", "Prepend").put("prepend", BLANK);
        }
        replace(steps.addObject(), " ", BLANK);
        return sequence;
    }

    /** @param spacePrefix whether the normalizer added a space before the text */
    static ObjectNode decoder(boolean spacePrefix) {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("decoders");
        replace(steps.addObject(), BLANK, " ");
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        if (spacePrefix) {
            steps.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        return sequence;
    }

    private static void replace(ObjectNode step, String from, String to) {
        step.put("type", "Replace");
        step.putObject("pattern").put("String", from);
        step.put("content", to);
    }
}
