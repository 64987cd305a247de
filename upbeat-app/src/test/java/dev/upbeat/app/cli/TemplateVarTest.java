package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateVarTest {
    @TempDir
    private Path directory;

    private Path model = Path.of("");

    @BeforeEach
    void writeAModelThatThinksOnRequest() {
        model = TinyModel.writeWithTokenizer(directory.resolve("tiny"));
        TinyModel.enlargeContext(model, 1024);
        TinyModel.put(
                model,
                "chat_template.jinja",
                "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}{% if tools %}{{ tools | tojson }}{% endif %}"
                        + "{% if add_generation_prompt %}{{ 'T' if enable_thinking else 'F' }}{{ effort }}{% endif %}");
    }

    @Test
    void theCommandLineSetsVariablesAndRowsOverrideThem() {
        Path prompts = lines(
                "{\"id\": \"a\", \"problem\": \"1+1?\"}",
                "{\"id\": \"b\", \"question\": \"1+1?\", \"chat_template_kwargs\": {\"enable_thinking\": false}}",
                "{\"id\": \"c\", \"question\": \"Q\", \"tools\": [{\"name\": \"f\"}]}",
                "{\"id\": \"d\", \"messages\": [{\"role\": \"user\", \"content\": \"Q\"}, {\"role\": \"assistant\", \"content\": \"A\"}]}");
        run("analyze", "--prompts", prompts, "--template-var", "enable_thinking=true", "--template-var", "effort=high")
                .done();
        assertThat(promptTexts())
                .containsExactly(
                        "user:1+1?;Thigh", "user:1+1?;Fhigh", "user:Q;[{\"name\": \"f\"}]Thigh", "user:Q;assistant:A");
        assertThat(read("run/config.yaml")).contains("template_vars:", "enable_thinking: true", "effort:");
    }

    @Test
    void evalRecordsVariablesAndAsksWithThem() {
        Path data = lines(
                "{\"id\": \"a\", \"question\": \"1+1?\", \"answer\": \"2\", \"chat_template_kwargs\": {\"effort\": \"low\"}}");
        run("eval", "--task", "math", "--data", data, "--max-new-tokens", "2", "--template-var", "enable_thinking=true")
                .done();
        assertThat(read("run/eval.jsonl")).contains("\"chat_template_kwargs\":{\"effort\":\"low\"}");
        assertThat(read("run/config.yaml")).contains("enable_thinking: true");
        assertThat(read("run/provenance.json")).contains("enable_thinking");
    }

    @Test
    void variablesThatReachNoTemplateAreRefused() {
        Path raw = lines("{\"prompt\": \"Once\"}");
        run("analyze", "--prompts", raw, "--template-var", "effort=low").refused("row row-1", "effort", "raw text");
        Path question = lines("{\"question\": \"1+1?\"}");
        run("analyze", "--prompts", question, "--template-var", "thinking=on").refused("never reads thinking");
        run("analyze", "--prompts", question, "--template-var", "effort")
                .refused("--template-var effort", "NAME=VALUE");
        run("analyze", "--prompts", question, "--template-var", "messages=a").refused("messages", "set already");
        run("study", "linkage", "--prompts", question, "--template-var", "=1").refused("--template-var =1");
        run("study", "perturbation", "--prompts", question, "--template-var", "a=[")
                .refused("--template-var: a=[");
        Path ids = lines("{\"prompt_ids\": [1], \"response_ids\": [2, 3]}");
        run("analyze", "--traces", ids, "--template-var", "effort=low").refused("token ids", "effort");
    }

    private List<String> promptTexts() {
        List<String> texts = new ArrayList<>();
        for (JsonNode row : Cli.query(directory.resolve("run"), "SELECT prompt_ids FROM traces ORDER BY id")) {
            StringBuilder text = new StringBuilder();
            row.get("prompt_ids").forEach(id -> text.append((char) id.intValue()));
            texts.add(text.toString());
        }
        return texts;
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path lines(String... rows) {
        return TinyModel.lines(directory.resolve("rows.jsonl"), rows);
    }

    /** Runs a command on the model, into the directory "run". */
    private Cli run(String command, Object... options) {
        List<Object> args = new ArrayList<>(List.of(command));
        List<Object> rest = new ArrayList<>(List.of(options));
        if (command.equals("study")) {
            args.add(rest.remove(0));
        }
        args.add(model);
        args.addAll(List.of("--out", directory.resolve("run")));
        args.addAll(rest);
        return Cli.upbeat(args.toArray());
    }
}
