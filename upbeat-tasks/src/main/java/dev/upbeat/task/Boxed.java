package dev.upbeat.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last {@code \boxed{}} or {@code \fbox{}} of a text, with the boxes that commas, "and" or "or" join to it.
 *
 * @param answers content of each box, in their order; at least one
 * @param end index after the last box
 */
public record Boxed(List<String> answers, int end) {
    /** Boxes further before the last one are not joined to it. */
    private static final int SEARCHED = 4_000;

    private static final int LONGEST_JOINT = 48;

    /** Limits attempts: an unclosed box is scanned to the end of the text. */
    private static final int MOST_UNCLOSED = 3;

    private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox) *\\{");
    private static final Pattern PLAIN_JOINT = Pattern.compile("[,;&]|,? ?(?:and|or)");
    private static final Pattern DECORATION = Pattern.compile(Latex.any(Latex.UPRIGHT, "quad", "qquad"));
    private static final Pattern NAME = Pattern.compile("\\\\?[\\w{}()']{1,12}\\s*=\\s*$");
    private static final Pattern SIGNS = Pattern.compile("[\\s$\\\\(){}\\[\\]*]+");

    public Boxed {
        answers = List.copyOf(answers);
    }

    /**
     * A box.
     *
     * @param start index of its command
     * @param from index of its content
     * @param to index after its content
     */
    private record Box(int start, int from, int to) {
        String content(String text) {
            return text.substring(from, to).strip();
        }

        int end(String text) {
            return Math.min(text.length(), to + 1);
        }
    }

    /** Content of the last box. */
    public String answer() {
        return answers.get(answers.size() - 1);
    }

    /** The last complete box; an incomplete one after it is ignored. Null if there is none. */
    public static @Nullable Boxed complete(String text) {
        Objects.requireNonNull(text, "text");
        int before = text.length();
        for (int attempt = 0; attempt < MOST_UNCLOSED; attempt++) {
            int start = lastCommand(text, before);
            if (start < 0) {
                return null;
            }
            Matcher command = BOX.matcher(text).region(start, text.length());
            int close = command.lookingAt() ? Latex.closing(text, command.end() - 1) : -1;
            if (close >= 0) {
                List<Box> boxes = boxes(text, start);
                boxes.removeIf(box -> box.end(text) > start);
                boxes.add(new Box(start, command.end(), close));
                return joined(text, boxes, false);
            }
            before = start - 1;
        }
        return null;
    }

    /**
     * The last box of mathematics: one that is never closed ends with its line, and boxes are also joined without a word between
     * them. Null if there is none.
     */
    public static @Nullable Boxed mathematics(String text) {
        Objects.requireNonNull(text, "text");
        int last = lastCommand(text, text.length());
        List<Box> boxes = last < 0 ? List.of() : boxes(text, last);
        return boxes.isEmpty() ? null : joined(text, boxes, true);
    }

    /** Index of the last box's command at or before {@code before}; -1 if there is none. */
    public static int lastCommand(String text, int before) {
        return Math.max(text.lastIndexOf("\\boxed", before), text.lastIndexOf("\\fbox", before));
    }

    /** The outermost boxes up to the one whose command is at {@code last}. */
    private static List<Box> boxes(String text, int last) {
        List<Box> boxes = new ArrayList<>();
        Matcher command = BOX.matcher(text);
        int at = Math.max(0, last - SEARCHED);
        while (at <= last && command.find(at)) {
            int close = Latex.closing(text, command.end() - 1);
            Box box = new Box(command.start(), command.end(), close >= 0 ? close : lineEnd(text, command.end()));
            boxes.add(box);
            at = box.end(text);
        }
        return boxes;
    }

    private static int lineEnd(String text, int start) {
        int end = text.indexOf('\n', start);
        return Math.min(end < 0 ? text.length() : end, start + 200);
    }

    private static Boxed joined(String text, List<Box> boxes, boolean mathematics) {
        int first = boxes.size() - 1;
        while (first > 0 && isJoint(text, boxes.get(first - 1), boxes.get(first), mathematics)) {
            first--;
        }
        List<String> answers = boxes.subList(first, boxes.size()).stream()
                .map(box -> box.content(text))
                .toList();
        int end = boxes.get(boxes.size() - 1).end(text);
        return new Boxed(answers.stream().distinct().count() == 1 ? answers.subList(0, 1) : answers, end);
    }

    /** Whether the text between two boxes joins them. */
    private static boolean isJoint(String text, Box left, Box right, boolean mathematics) {
        int from = left.end(text);
        if (from > right.start() || right.start() - from > LONGEST_JOINT) {
            return false;
        }
        String between = DECORATION.matcher(text.substring(from, right.start())).replaceAll(" ");
        String plain = SIGNS.matcher(NAME.matcher(between).replaceAll(""))
                .replaceAll(" ")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!mathematics) {
            return PLAIN_JOINT.matcher(plain).matches();
        }
        boolean joins = plain.isEmpty()
                || plain.endsWith(",")
                || plain.endsWith(";")
                || plain.endsWith("and")
                || plain.endsWith("or");
        return joins && plain.indexOf('.') < 0 && between.indexOf("\n\n") < 0;
    }
}
