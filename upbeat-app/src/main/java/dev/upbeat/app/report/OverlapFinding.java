package dev.upbeat.app.report;

/**
 * A row of the overlap table (Table 20): how many of the first series' peaks have their nearest peak of the second
 * series at the same, the previous or the next position.
 *
 * @param first name of the first series
 * @param second name of the second series
 * @param matched how many
 * @param peaks of how many peaks of the first series
 * @param chance the share expected by chance; NaN where it was not computed
 */
public record OverlapFinding(String first, String second, long matched, long peaks, double chance) {}
