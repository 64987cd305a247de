package dev.upbeat.study.perturbation;

import dev.upbeat.store.Provenance;
import dev.upbeat.study.output.StudyFiles;
import dev.upbeat.study.output.StudyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The perturbation study (arXiv 2510.13554 v2, Eq. 11, Table 1, B.10). Beyond the paper: WAAD, entropy, random positions,
 * controls matched on entropy and position, intervals and p-values.
 *
 * @param report what was found, to be read
 * @param file what was found, to be computed with
 */
public record PerturbationExperiment(StudyReport report, File file) {
    /**
     * The content of study.json.
     *
     * @param study perturbation
     * @param command the command line
     * @param tooShort ids of responses without enough candidates
     * @param speed of shared beginnings; null where it was not asked for
     */
    public record File(
            String study,
            String command,
            PerturbationSettings settings,
            Map<String, Provenance> runs,
            List<String> tooShort,
            List<Comparison> comparisons,
            @Nullable Speed speed,
            List<PerturbedProblem> problems) {}

    /**
     * @param problems at least one
     * @param run its run directory, relative to the study's
     * @param runs the run directory and where its numbers come from
     * @param machine provenance for readers, in the order shown
     */
    public static PerturbationExperiment of(
            List<PerturbedProblem> problems,
            List<String> tooShort,
            PerturbationSettings settings,
            @Nullable Speed speed,
            String command,
            String run,
            Map<String, Provenance> runs,
            Map<String, String> machine) {
        List<Comparison> comparisons = Comparison.all(problems, settings);
        File file = new File("perturbation", command, settings, runs, tooShort, comparisons, speed, problems);
        return new PerturbationExperiment(new PerturbationReport(file, run).report(machine), file);
    }

    /** @param directory exists, with the run directory in it */
    public void write(Path directory) throws IOException {
        StudyFiles.write(directory, report, file);
    }
}
