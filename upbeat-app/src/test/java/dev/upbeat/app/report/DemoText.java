package dev.upbeat.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prompts and responses as a reasoning model might write them, and a splitter that cuts as byte-pair encoders do. */
final class DemoText {
    private static final Pattern PIECE = Pattern.compile("\\n+| {2,}(?=\\S)| ?[\\p{L}]+| ?\\d| ?[^\\s\\p{L}\\d]+| ");
    private static final int LONGEST = 7;

    private static final String MARBLES = """
            Let's work out how many marbles each person ends up with, one step at a time.

            Anna starts with 24 marbles. She gives a third of them to Ben, so Ben receives 24 / 3 = 8 marbles. \
            That leaves Anna with 24 - 8 = 16 marbles.

            Next, Anna finds twice as many marbles as she gave away. She gave away 8, so she finds 2 * 8 = 16 more. \
            Now she has 16 + 16 = 32 marbles.

            Wait, the problem says that she finds them before she gives any to Clara. Let me read it again. \
            "After that she gives Clara half of what she has." So the half is taken from 32, not from 16.

            Half of 32 is 16. Clara receives 16 marbles, and Anna keeps 32 - 16 = 16.

            To check: Ben has 8, Clara has 16, Anna has 16. Together that is 40, and 24 + 16 = 40 marbles came into play. \
            The numbers agree.

            Therefore, Anna has \\boxed{16} marbles left.""";
    private static final String COUNTDOWN = """
            We need to make 42 from 3, 5, 7 and 9, using each number exactly once.

            First idea: 7 * 9 = 63. Then 63 - 42 = 21, so I would need 21 from 3 and 5. \
            But 3 * 5 = 15 and 3 + 5 = 8, so this does not work.

            Second idea: 42 = 6 * 7. Can I make 6 from 3, 5 and 9? 9 + 5 = 14, 14 - 3 = 11. 9 - 5 = 4, 4 + 3 = 7, which gives 49. \
            Hmm, 9 * 5 = 45, and 45 - 3 = 42! That uses 9, 5 and 3, but then the 7 is left over.

            Let me try 5 * 9 = 45 again, with a factor of one... no, 7 - 3 = 4.

            Third idea: 42 = 3 * 14, and 14 = 5 + 9. That is 3 * (5 + 9) = 42, again without the 7. \
            Alternatively 42 = 35 + 7 = 5 * 7 + 7, where the 7 must come from 3 and 9. 9 - 3 = 6, so 5 * 7 + 6 = 41. Close, but no.

            What about 7 * (9 - 3) = 42? Then the 5 is left. And 7 * 3 = 21, 21 + 9 = 30, 30 + 5 = 35. \
            9 * 3 = 27, 27 + 7 = 34, 34 + 5 = 39. 9 * 7 - 5 * 3 = 63 - 15 = 48.

            (5 - 3) * 7 = 14, and 14 * 9 is too large. (9 + 5) * 3 * ... leaves the 7. \
            5 * 9 - 7 + 3 = 41, 5 * 9 + 7 - 3 = 49, 7 * 5 + 9 - 3 = 41, 7 * 5 + 9 + 3 = 47.

            (7 + 9 - 3) * 5 = 65. (3 + 9) * 7 / 5 is not whole. (5 + 7) * 3 + 9 = 45. (5 + 9) * (7 - 3) = 56. \
            9 + 5 * 7 - 3 = 41. 3 * 7 * (9 - 5) = 84, and half of 84 would be 42. (9 + 7 + 5) * ... = 21, and 21 * 3 = 63. \
            I have not found one, so I should say so instead of inventing an answer.""";
    private static final String TRAIN = """
            The train leaves at 9:15 and travels 180 km at 60 km/h, then waits 20 minutes, then goes 90 km at 45 km/h.

            Time on the first part: 180 / 60 = 3 hours. So it reaches the station at 12:15. \
            It waits until 12:35.

            Time on the second part: 90 / 45 = 2 hours. Adding that to 12:35 gives 14:35.

            Hence the train arrives at \\boxed{14:35}.""";
    private static final String PROOF = """
            Claim: the sum of two odd numbers is even. Suppose that a and b are odd. By definition there are integers m and n with \
            a = 2m + 1 and b = 2n + 1.

            Then a + b = 2m + 1 + 2n + 1 = 2m + 2n + 2. We can factor out a 2, which gives a + b = 2(m + n + 1).

            Since m + n + 1 is an integer, a + b is twice an integer. Therefore it is even, which is what we wanted to show.

            Note that the converse does not hold: 2 + 4 = 6 is even, although neither 2 nor 4 is odd.""";

    static final List<String> RESPONSES = List.of(MARBLES, COUNTDOWN, TRAIN, PROOF);
    static final List<String> QUESTIONS = List.of(
            "Anna has 24 marbles and gives a third of them to Ben. Then she finds twice as many as she gave away. After that "
                    + "she gives Clara half of what she has. How many marbles does Anna have left?",
            "Use the numbers 3, 5, 7 and 9, each exactly once, with + - * / to make 42.",
            "A train leaves at 9:15, travels 180 km at 60 km/h, waits 20 minutes, then travels 90 km at 45 km/h. When does it arrive?",
            "Show that the sum of two odd numbers is even.");

    private DemoText() {}

    static List<String> prompt(int which) {
        List<String> tokens = new ArrayList<>(List.of("<|im_start|>", "user", "\n"));
        tokens.addAll(split(QUESTIONS.get(which % QUESTIONS.size())));
        tokens.addAll(List.of("<|im_end|>", "\n", "<|im_start|>", "assistant", "\n"));
        return tokens;
    }

    /** A response of its natural length, ended by a stop token. */
    static List<String> response(int which) {
        List<String> tokens = new ArrayList<>(split(RESPONSES.get(which % RESPONSES.size())));
        tokens.add("<|im_end|>");
        return tokens;
    }

    /** A response of exactly this many tokens: responses one after the other. */
    static List<String> response(int which, int length) {
        List<String> tokens = new ArrayList<>();
        for (int next = which; tokens.size() < length; next++) {
            tokens.addAll(split(RESPONSES.get(next % RESPONSES.size()) + "\n\n"));
        }
        return tokens.subList(0, length);
    }

    static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher pieces = PIECE.matcher(text);
        while (pieces.find()) {
            String piece = pieces.group();
            while (piece.length() > LONGEST + 2) {
                tokens.add(piece.substring(0, LONGEST));
                piece = piece.substring(LONGEST);
            }
            tokens.add(piece);
        }
        return tokens;
    }
}
