package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PromptStyle;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Wording of questions. */
@SuppressWarnings("UnusedVariable") // picocli sets it
final class PromptFlags {
    @Option(
            names = "--prompt",
            paramLabel = "NAME|TEMPLATE",
            description = "Wording of questions: usual (the benchmark's; without --task the question alone), paper (the"
                    + " paper's analysis prompt), boxed (asks for \\boxed{}), question (the question alone), or a text"
                    + " that contains {question} (default: the row's own prompt if it has one, else usual).")
    private @Nullable String prompt;

    /** The style; null for none. */
    @Nullable
    String style() {
        return prompt;
    }

    /** @throws BadInputException if the style is neither known nor a template */
    void check() {
        if (prompt != null) {
            PromptStyle.of(prompt, PromptStyle.BARE);
        }
    }

    /** @throws BadInputException if the style is given although responses exist */
    void refuseWithTraces() {
        if (prompt != null) {
            throw new BadInputException(
                    "--prompt words questions to answer, but --traces gives the responses; leave --prompt out");
        }
    }

    /** Records the style, if there is one. */
    void record(Map<String, Object> config) {
        if (prompt != null) {
            config.put("prompt", prompt);
        }
    }
}
