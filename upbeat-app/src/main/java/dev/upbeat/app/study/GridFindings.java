package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Format;
import dev.upbeat.stats.Interval;
import dev.upbeat.stats.PairedDifference;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridStudy;
import dev.upbeat.study.grid.GridTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The findings of a grid: progress, each difference whose interval excludes 0, and the limits of the evidence. */
final class GridFindings {
    private GridFindings() {}

    static List<String> of(GridStudy study) {
        List<String> findings = new ArrayList<>();
        GridConfig config = study.config();
        GridTable table = study.table();
        findings.add(table.done() + " of " + table.of() + " runs are done: "
                + config.methods().size() + " methods, seeds "
                + config.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "))
                + ". All methods use the same seeds and the same problems.");
        int resolved = 0;
        int compared = 0;
        for (GridTable.Task task : table.tasks()) {
            for (int i = 0; i < config.outcomes().size(); i++) {
                OutcomeUnit unit = OutcomeUnit.of(config.outcomes().get(i));
                for (GridTable.Method method : task.methods()) {
                    for (Map.Entry<String, PairedDifference> each :
                            method.results().get(i).differences().entrySet()) {
                        Interval t = each.getValue().t();
                        compared++;
                        if (t != null && !t.contains(0)) {
                            resolved++;
                            findings.add(task.name() + ", " + config.outcomes().get(i) + ": " + method.name()
                                    + " differs from " + each.getKey() + " by "
                                    + unit.difference(each.getValue().mean().mean())
                                    + (unit == OutcomeUnit.SHARE ? " points" : "") + " (95 % " + unit.interval(t)
                                    + ", p "
                                    + Format.pValue(each.getValue().tP())
                                    + ").");
                        }
                    }
                }
            }
        }
        findings.addAll(EqualRuns.of(study.done()));
        findings.add(
                compared == 0
                        ? "No comparison is possible yet: a difference needs two seeds of a method and of a baseline."
                        : Format.several(
                                "The t intervals of " + resolved + " of " + compared + " differences exclude 0",
                                compared));
        findings.add("These results do not cover other models, tasks and sizes. With few seeds the bootstrap interval "
                + "is too narrow, and the t interval assumes normally distributed differences. With n "
                + "seeds the p-value by signs is never below 2 / 2^n. A method's mean gamma changes the "
                + "effective step size: compare the method with a constant gamma of the same mean.");
        return findings;
    }
}
