package dev.upbeat.app.cli;

import dev.upbeat.train.config.TemplateVars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Variables of the chat template. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class TemplateFlags {
    @Option(
            names = "--template-var",
            paramLabel = "NAME=VALUE",
            description = "A variable of the chat template, such as enable_thinking=false; a row's own"
                    + " chat_template_kwargs take precedence. May be given several times.")
    private List<String> words = new ArrayList<>();

    /** Values by name, parsed as YAML. */
    Map<String, Object> variables() throws IOException {
        return TemplateVars.of("--template-var", words);
    }

    /** Records the variables, if there are any. */
    void record(Map<String, Object> config) throws IOException {
        if (!words.isEmpty()) {
            config.put("template_vars", variables());
        }
    }
}
