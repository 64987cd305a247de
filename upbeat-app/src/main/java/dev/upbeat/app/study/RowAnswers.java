package dev.upbeat.app.study;

import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.study.perturbation.FinalAnswers;
import dev.upbeat.task.Benchmark;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Final answers by the verifier of a benchmark whose problems have one final answer. */
public final class RowAnswers implements FinalAnswers {
    /** Benchmarks with several right answers to a problem. */
    private static final Set<Benchmark> OTHERS = EnumSet.of(Benchmark.COUNTDOWN, Benchmark.ZEBRALOGIC);

    /** Stands for the right answer while only the response's answer is read. */
    private static final String ANY = "0";

    private final Benchmark benchmark;
    private final Task task;
    private final List<TaskRow> rows;

    /**
     * @param name of the benchmark
     * @param rows of the run's prompts, in their order
     * @throws BadInputException if a row's right answer cannot be read
     */
    public RowAnswers(String name, List<TaskRow> rows) {
        this.benchmark = benchmark(name);
        this.task = Tasks.forVerdicts(TaskOptions.of(name));
        this.rows = List.copyOf(rows);
        this.rows.stream()
                .filter(row -> row.answer() != null)
                .forEach(row -> BadInputException.at(row.place(), () -> task.problem(row)));
    }

    /** @throws BadInputException if there is no such benchmark, or its problems have several right answers */
    public static Benchmark benchmark(String name) {
        Set<Benchmark> known = EnumSet.complementOf(EnumSet.copyOf(OTHERS));
        return known.stream()
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("--task " + name
                        + " does not find final answers; expected one of "
                        + known.stream().map(Benchmark::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public @Nullable String of(int trace, String response, boolean ended) {
        Score score = task.verify(problem(trace, ANY), response);
        String answer = score.parsed();
        return answer == null || answer.isBlank() || !(ended || score.marked()) ? null : answer;
    }

    @Override
    public boolean has(int trace, String answer, String response) {
        return task.verify(problem(trace, answer), response).correct();
    }

    @Override
    public @Nullable Boolean correct(int trace, String response) {
        TaskRow row = rows.get(trace);
        return row.answer() == null
                ? null
                : Boolean.valueOf(task.verify(task.problem(row), response).correct());
    }

    /** A row's problem with another right answer. */
    private Problem problem(int trace, String answer) {
        TaskRow row = rows.get(trace);
        return benchmark == Benchmark.CROSSTHINK_QA
                ? task.problem(new TaskRow(
                        row.id(), row.question(), row.prompt(), row.hasOwnPrompt(), answer, row.fields(), row.place()))
                : new Problem(row.id(), row.prompt(), answer);
    }
}
