package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The wording around a question: a template with {@code {question}}, or with {@code {last}} for the last sentence and
 * {@code {context}} for all before it.
 *
 * @param system text of a system message before it; null for none
 * @param template of the user's message
 * @param lone template for a question of one sentence, without {@code {context}}
 */
public record PromptStyle(@Nullable String system, String template, String lone) {
    private static final String STEP_BY_STEP =
            "Please reason step by step, and put your final answer within \\boxed{}.";
    private static final String QUESTION = "{question}";

    /** Name of a task's usual style. */
    static final String USUAL = "usual";

    /** The question alone. */
    public static final PromptStyle BARE = ofTemplate(null, QUESTION);

    /** The prompt of the Qwen2.5-Math evaluations (arXiv 2409.12122) and of later Qwen models. */
    public static final PromptStyle BOXED = ofTemplate(STEP_BY_STEP, QUESTION);

    /** The analysis prompt of arXiv 2510.13554: docs/method.md, section 8. */
    public static final PromptStyle PAPER =
            new PromptStyle(STEP_BY_STEP, "Context: {context}\nQuestion: {last}", "Question: {last}");

    /** The GSM8K prompt of verl. */
    static final PromptStyle HASHES =
            ofTemplate(null, QUESTION + " Let's think step by step and output the final answer after \"####\".");

    /** The prompt of DAPO-Math-17K (arXiv 2503.14476). */
    static final PromptStyle ANSWER_LINE = ofTemplate(
            null,
            "Solve the following math problem step by step. The last line of your response should be of the form"
                    + " Answer: $Answer (without quotes) where $Answer is the answer to the problem.\n\n"
                    + QUESTION
                    + "\n\nRemember to put your answer on its own line after \"Answer:\".");

    /** Abbreviations before a name or a word: their period does not end a sentence. */
    private static final Pattern ABBREVIATION =
            Pattern.compile("\\b(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|vs|e\\.g|i\\.e|cf|approx)\\.$");

    /** Abbreviations whose period does not end a sentence before a number. */
    private static final Pattern NUMBERED = Pattern.compile("\\b(?:No|Nos|Fig|Eq|Vol|pp?)\\.$");

    /** A lower-case letter or an operator after opening marks: a text that continues a sentence. */
    private static final Pattern CONTINUATION = Pattern.compile("^[\"'\u201c\u2018(\\[]*[\\p{Ll}+*/=<>,;:-]");

    private static PromptStyle ofTemplate(@Nullable String system, String template) {
        return new PromptStyle(system, template, template);
    }

    /**
     * Returns a style by its name, or reads a template.
     *
     * @param text {@code usual}, {@code paper}, {@code boxed}, {@code question}, or a text with {@code {question}}
     * @param usual the task's
     * @throws BadInputException if the text is neither a name nor a template
     */
    public static PromptStyle of(String text, PromptStyle usual) {
        return switch (text) {
            case USUAL -> usual;
            case "paper" -> PAPER;
            case "boxed" -> BOXED;
            case "question" -> BARE;
            default -> {
                if (!text.contains(QUESTION)) {
                    throw new BadInputException("prompt " + text + " is not known; expected usual, paper, boxed,"
                            + " question, or a text with {question} in it");
                }
                yield ofTemplate(null, text);
            }
        };
    }

    /** The question as messages, for a model with a chat template. */
    public List<Message> messages(String question) {
        Message user = new Message("user", user(question));
        return system == null ? List.of(user) : List.of(new Message("system", system), user);
    }

    /** The question as text, for a model that only continues text. */
    public String text(String question) {
        return (system == null ? "" : system + "\n\n") + user(question) + "\n\n";
    }

    private String user(String question) {
        if (template.contains(QUESTION)) {
            return template.replace(QUESTION, question);
        }
        int last = lastSentence(question);
        String context = question.substring(0, last).strip();
        return (context.isEmpty() ? lone : template)
                .replace("{context}", context)
                .replace("{last}", question.substring(last).strip());
    }

    /** Index of the last sentence (docs/tasks.md, Prompts). A line break alone does not begin a sentence. */
    private static int lastSentence(String text) {
        String flat = text.replace('\n', ' ').replace('\r', ' ');
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        sentences.setText(flat);
        int start = 0;
        for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            if (isEnd(flat.substring(start, end).strip(), flat.substring(end).strip())) {
                start = end;
            }
        }
        return start;
    }

    /** Whether a sentence ends between two texts. */
    private static boolean isEnd(String sentence, String rest) {
        boolean initial = sentence.length() == 2 && Character.isUpperCase(sentence.charAt(0)); // J. Smith
        return !rest.isEmpty()
                && !initial
                && !CONTINUATION.matcher(rest).find()
                && !ABBREVIATION.matcher(sentence).find()
                && !(NUMBERED.matcher(sentence).find() && Character.isDigit(rest.charAt(0)));
    }
}
