package dev.upbeat.checkpoint.jinja;

/** What is wrong with a template or its values; {@link JinjaTemplate} adds the line and makes it a BadInputException. */
final class TemplateError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    TemplateError(String problem) {
        super(problem, null, false, false);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
