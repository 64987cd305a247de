package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ClassByName;
import dev.upbeat.task.endpoint.UnavailableException;
import dev.upbeat.trace.Score;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** A task of a user's class. Its exceptions and missing results are reported with the class and the row. */
final class CustomTask implements Task {
    private static final String USE = "task";

    private final String className;
    private final Task own;
    private final boolean judgesManyAtOnce;
    private final boolean readsTruncated;

    private CustomTask(String className, Task own) {
        this.className = className;
        this.own = own;
        judgesManyAtOnce = overridesVerifyAll(own.getClass(), List.class, List.class);
        readsTruncated = overridesVerifyAll(own.getClass(), List.class, List.class, boolean[].class);
    }

    /** @throws BadInputException if there is no such class, or it cannot be used */
    static CustomTask load(String className) {
        return new CustomTask(className, ClassByName.load(Task.class, className, USE));
    }

    private static boolean overridesVerifyAll(Class<?> type, Class<?>... parameters) {
        try {
            return type.getMethod("verifyAll", parameters).getDeclaringClass() != Task.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return call("return its name", own::name);
    }

    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        String task = "return the " + count + " problems of step " + step;
        return filled(task, count, call(task, () -> own.prompts(seed, step, count)));
    }

    @Override
    public List<Problem> test() {
        String task = "return its held-out problems";
        List<Problem> problems = call(task, own::test);
        return filled(task, problems.size(), problems);
    }

    @Override
    public Problem problem(TaskRow row) {
        return call("make a problem of row " + row.id(), () -> own.problem(row));
    }

    @Override
    public Score verify(Problem problem, String response) {
        return call("judge the response to row " + problem.id(), () -> own.verify(problem, response));
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        if (!judgesManyAtOnce || problems.isEmpty()) {
            return Task.super.verifyAll(problems, responses);
        }
        return judged(problems, () -> own.verifyAll(problems, responses));
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        if (!readsTruncated || problems.isEmpty()) {
            return verifyAll(problems, responses);
        }
        return judged(problems, () -> own.verifyAll(problems, responses, truncated));
    }

    private List<Score> judged(List<Problem> problems, Supplier<List<Score>> verdicts) {
        String task = "judge the responses to " + problems.size() + " rows, "
                + problems.get(0).id() + " to "
                + problems.get(problems.size() - 1).id();
        List<Score> scores = call(task, verdicts);
        for (int i = 0; i < Math.min(scores.size(), problems.size()); i++) {
            Score score = scores.get(i);
            call("judge the response to row " + problems.get(i).id(), () -> score);
        }
        return filled(task, problems.size(), scores);
    }

    private <T> List<T> filled(String task, int count, List<T> given) {
        if (given.size() != count || given.stream().anyMatch(Objects::isNull)) {
            long there = given.stream().filter(Objects::nonNull).count();
            throw new BadInputException(USE + ": class " + className + " gives " + there + " results, but should "
                    + task
                    + "; expected one for each. Fix the class");
        }
        return given;
    }

    private <T> T call(String task, Supplier<T> method) {
        try {
            return ClassByName.call(className, USE, task, method);
        } catch (BadInputException e) {
            if (e.getCause() instanceof UnavailableException unavailable) {
                throw unavailable; // of an endpoint that the class asks: training may wait for it
            }
            throw e;
        }
    }
}
