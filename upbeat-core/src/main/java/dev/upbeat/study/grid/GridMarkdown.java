package dev.upbeat.study.grid;

import dev.upbeat.stats.Interval;
import dev.upbeat.stats.PairedDifference;
import dev.upbeat.stats.Power;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A grid's table as Markdown, ready to paste: the paper's form first, then each difference with its intervals. */
public final class GridMarkdown {
    private GridMarkdown() {}

    public static String of(GridConfig config, GridTable table) {
        StringBuilder text = new StringBuilder();
        text.append(table.done()).append(" of ").append(table.of()).append(" runs are done; seeds ");
        text.append(config.seeds()).append(", every method with the same ones, on the same problems.\n");
        for (int i = 0; i < config.outcomes().size(); i++) {
            Outcome outcome = config.outcomes().get(i);
            text.append("\n## ")
                    .append(outcome)
                    .append(": ")
                    .append(outcome.description())
                    .append(", %\n\n");
            overview(text, config, table, i);
            for (GridTable.Task task : table.tasks()) {
                differences(text, task, i, table.tasks().size() > 1);
            }
        }
        return text.toString();
    }

    private static void overview(StringBuilder text, GridConfig config, GridTable table, int outcome) {
        List<GridTable.Task> tasks = table.tasks();
        boolean many = tasks.size() > 1;
        boolean paper = tasks.stream()
                .flatMap(task -> task.methods().stream())
                .anyMatch(method -> method.results().get(outcome).paper() != null);
        List<String> header = new ArrayList<>(List.of("method", "mean gamma"));
        for (GridTable.Task task : tasks) {
            header.add(task.name() + " (seeds)");
            if (paper) {
                header.add("paper");
            }
        }
        if (many) {
            header.add("Avg.");
        }
        row(text, header);
        row(text, header.stream().map(name -> "---").toList());
        for (int m = 0; m < config.methods().size(); m++) {
            int method = m;
            List<String> cells = new ArrayList<>();
            cells.add(tasks.get(0).methods().get(m).name());
            cells.add(number(
                    "%.3f", average(tasks, task -> task.methods().get(method).meanGamma())));
            for (GridTable.Task task : tasks) {
                GridTable.Result result = task.methods().get(m).results().get(outcome);
                cells.add(number("%.1f", 100 * result.mean()) + " (" + seeds(result.values()) + ")");
                if (paper) {
                    cells.add(result.paper() == null ? "-" : number("%.1f", result.paper()));
                }
            }
            if (many) {
                cells.add(number(
                        "%.1f",
                        average(
                                tasks,
                                task -> 100
                                        * task.methods()
                                                .get(method)
                                                .results()
                                                .get(outcome)
                                                .mean())));
            }
            row(text, cells);
        }
    }

    private static double average(List<GridTable.Task> tasks, ToDoubleFunction<GridTable.Task> value) {
        return tasks.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private static String seeds(double[] values) {
        return String.join(
                ", ",
                Arrays.stream(values).mapToObj(v -> number("%.1f", 100 * v)).toList());
    }

    private static void differences(StringBuilder text, GridTable.Task task, int outcome, boolean many) {
        List<List<String>> rows = new ArrayList<>();
        for (GridTable.Method method : task.methods()) {
            GridTable.Result result = method.results().get(outcome);
            result.differences().forEach((baseline, difference) -> {
                Double theirs = paperDifference(task, outcome, method, baseline);
                rows.add(cells(method.name() + " - " + baseline, difference, theirs));
            });
        }
        if (rows.isEmpty()) {
            text.append("\nDifferences need at least two seeds of a method and of a baseline.\n");
            return;
        }
        text.append(many ? "\n" + task.name() + ", points:\n\n" : "\nDifferences in points, paired by seed:\n\n");
        List<String> header = List.of(
                "difference",
                "n",
                "points",
                "sd",
                "95 % t",
                "95 % bootstrap",
                "p (t)",
                "p (signs)",
                "seeds needed",
                "paper");
        row(text, header);
        row(text, header.stream().map(name -> "---").toList());
        rows.forEach(row -> row(text, row));
    }

    private static @Nullable Double paperDifference(
            GridTable.Task task, int outcome, GridTable.Method method, String baseline) {
        Double one = method.results().get(outcome).paper();
        Double other = task.methods().stream()
                .filter(candidate -> candidate.name().equals(baseline))
                .map(candidate -> candidate.results().get(outcome).paper())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return one == null || other == null ? null : one - other;
    }

    private static List<String> cells(String name, PairedDifference difference, @Nullable Double paper) {
        Integer needed = difference.pairsNeeded();
        return List.of(
                name,
                Integer.toString(difference.mean().n()),
                number("%+.2f", 100 * difference.mean().mean()),
                number("%.2f", 100 * difference.mean().sd()),
                interval(difference.t()),
                interval(difference.bootstrap()),
                difference.tP() == null ? "-" : number("%.3f", difference.tP()),
                number("%.3f", difference.flipP()),
                needed == null ? "-" : needed > Power.MOST ? "> " + Power.MOST : needed.toString(),
                paper == null ? "-" : number("%+.1f", paper));
    }

    private static String interval(@Nullable Interval interval) {
        return interval == null
                ? "-"
                : number("%+.2f", 100 * interval.low()) + " to " + number("%+.2f", 100 * interval.high());
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
