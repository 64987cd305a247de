package dev.upbeat.jinja;

/** An error in a template or its values; {@link JinjaTemplate} adds the line and makes it a BadInputException. */
final class TemplateError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    /** Longest message; a template may put a whole text into one. */
    private static final int MOST_CHARACTERS = 1_000;

    TemplateError(String problem) {
        super(problem, null, false, false);
        this.problem = problem.length() <= MOST_CHARACTERS ? problem : problem.substring(0, MOST_CHARACTERS) + "..";
    }

    String problem() {
        return problem;
    }
}
