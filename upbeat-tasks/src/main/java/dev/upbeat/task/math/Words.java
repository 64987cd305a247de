package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.Locale;
import java.util.regex.Pattern;

/** Answers in words: compared by letters and digits, without case. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[a-z]{2,}");
    private static final Pattern ARTICLE = Pattern.compile("^(?:the|an?) ");
    /** Any command but those of style. */
    private static final Pattern COMMAND = Pattern.compile("(?!" + LatexText.STYLE + ")\\\\[A-Za-z]");

    private static final Pattern TEXT = Pattern.compile(Latex.any(Latex.UPRIGHT) + " ?\\{");

    private Words() {}

    /** Whether the answer is letters alone, which a product of variables is too; a formula with commands is not a word. */
    static boolean isWord(Answer answer) {
        return WORD.matcher(answer.words()).matches()
                && !answer.words().equals("pi")
                && !COMMAND.matcher(answer.cleaned()).find();
    }

    /** Whether the answer cannot be a formula. */
    static boolean isText(Answer answer) {
        return TEXT.matcher(answer.cleaned()).find()
                || (isWord(answer) && answer.words().length() > 2);
    }

    static boolean same(Answer gold, Answer answer) {
        String a = gold.words();
        String b = answer.words();
        if (a.isEmpty() || b.isEmpty()) {
            return false;
        }
        return a.equals(b) || withoutArticle(gold).equals(withoutArticle(answer));
    }

    private static String withoutArticle(Answer answer) {
        String lower = answer.cleaned().toLowerCase(Locale.ROOT).strip();
        return LatexText.words(ARTICLE.matcher(lower).replaceFirst(""));
    }
}
