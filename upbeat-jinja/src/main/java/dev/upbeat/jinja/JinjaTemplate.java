package dev.upbeat.jinja;

import dev.upbeat.io.BadInputException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template. Renders like
 * {@code jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)} with transformers'
 * functions (jinja2 3.1.6, transformers 5.23); anything unsupported is an error. A template can only turn the given
 * values into text; its work, depth and memory are bounded.
 */
public final class JinjaTemplate {
    private final Parser.Parsed parsed;

    private JinjaTemplate(Parser.Parsed parsed) {
        this.parsed = parsed;
    }

    /** Whether the template reads a variable of this name somewhere. */
    public boolean readsVariable(String name) {
        return parsed.variables().contains(name);
    }

    /** Whether the template names this key of a dict, as {@code message.key} or as a string. */
    public boolean readsKey(String name) {
        return parsed.keys().contains(name);
    }

    /** @throws BadInputException naming the malformed or unsupported part and its line */
    public static JinjaTemplate parse(String source) {
        Objects.requireNonNull(source, "the template's source");
        try {
            return new JinjaTemplate(Parser.parse(source));
        } catch (TemplateError e) {
            throw new BadInputException("the chat template cannot be used: " + e.problem(), e);
        }
    }

    /**
     * @param variables strings, numbers, booleans, nulls, and lists and string-keyed maps of these
     * @param now the time for {@code strftime_now}
     * @throws BadInputException if the template fails on these variables, or raises an exception
     */
    public String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
        Objects.requireNonNull(variables, "variables");
        Render render = new Render(Objects.requireNonNull(now, "the time"));
        try {
            Scope scope = Scope.outermost(render);
            variables.forEach((name, value) -> scope.set(name, Values.of(value, render)));
            return parsed.body().text(scope);
        } catch (TemplateError e) {
            throw new BadInputException("the chat template fails at line " + render.line() + ": " + e.problem(), e);
        }
    }
}
