package dev.upbeat.app.report;

import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.Metric;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.stats.Interval;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Made-up reports of plausible shape, the same on every run: WAAD falls within a phrase and jumps at the next one, FAI peaks
 * just after the jumps, entropy rises with them. Nothing here was measured.
 */
final class DemoReport {
    private static final int LAYERS = 30;
    private static final int HEADS = 9;
    private static final int LINKS = 8;
    private static final double PEAK_SHARE = 0.3;

    private DemoReport() {}

    /** As an analysis of a few problems would look. */
    static ReportData analysis() {
        List<ReportRow> rows = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ReportRow row =
                    row("gsm8k-test-" + i, DemoText.prompt(i), DemoText.response(i), i % 3 == 1 ? 0.0 : 1.0, i, i == 0);
            rows.add(i < 2 ? withHeads(row) : row);
        }
        return report(rows);
    }

    /**
     * Two runs: of the six problems both have, they answered the even ones alike and the odd ones differently; each has one
     * of its own.
     */
    static ReportData twoRuns() {
        List<ReportRow> before = new ArrayList<>();
        List<ReportRow> after = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String id = "gsm8k-test-" + i;
            before.add(row(id, DemoText.prompt(i), DemoText.response(i), i % 2, i, i == 0));
            after.add(row(id, DemoText.prompt(i), DemoText.response(i % 2 == 0 ? i : i + 3), 1, 50 + i, false));
        }
        before.add(row("only-before", promptOfItsOwn("Before"), DemoText.response(6), 1, 6, false));
        after.add(row("only-after", promptOfItsOwn("After"), DemoText.response(7), 0, 7, false));
        return new ReportData(List.of(run("before", before, 7), run("after", after, 8)));
    }

    private static List<String> promptOfItsOwn(String word) {
        List<String> tokens = new ArrayList<>(DemoText.prompt(6));
        // Ids are counted up, so a prompt of another length is another prompt.
        tokens.addAll(3, Collections.nCopies(10 * word.length(), word));
        return tokens;
    }

    static ReportData report(List<ReportRow> rows) {
        return new ReportData(List.of(run("demo", rows, 7)));
    }

    /** @param seed of the heads' spans */
    static RunReport run(String name, List<ReportRow> rows, long seed) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("preset", "analysis");
        settings.put("layers", "all");
        settings.put("rho", "0.3");
        settings.put("window", "10");
        settings.put("horizon", "1:end");
        settings.put("temperature", "0.7");
        settings.put("max_new_tokens", String.valueOf(64 * seed));
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("model sha256", "5f1d9d6f3c1e0a55b0e7c0d4f2a7b8e19c3d2f4a6b8c0d1e2f3a4b5c6d7e8f90");
        provenance.put("data sha256", "0b1c2d3e4f5061728394a5b6c7d8e9f00b1c2d3e4f5061728394a5b6c7d8e9f0");
        provenance.put("seed", "0");
        provenance.put("commit", "made up for a test");
        provenance.put("JDK", "17.0.15");
        provenance.put("libtorch", "2.10.0");
        return new RunReport(
                name,
                "SmolLM2-135M-Instruct",
                "made-up problems",
                settings,
                provenance,
                heads(seed),
                null,
                rows,
                linkages(),
                overlaps(),
                List.of("A chunk has 6.5 tokens on average."));
    }

    static ReportRow row(String id, List<String> prompt, List<String> tokens, double reward, long seed, boolean map) {
        Random random = new Random(seed);
        int[] promptIds = IntStream.range(0, prompt.size()).map(i -> 100 + i).toArray();
        int[] ids = IntStream.range(0, tokens.size())
                .map(i -> Math.floorMod(tokens.get(i).hashCode(), 49152))
                .toArray();
        int length = tokens.size();
        float[] waad = new float[length];
        float[] fai = new float[length];
        float[] receiver = new float[length];
        float[] entropy = new float[length];
        float[] logProbs = new float[length];
        int sincePhrase = 0;
        for (int t = 0; t < length; t++) {
            boolean starts = t == 0 || startsPhrase(tokens, t);
            sincePhrase = starts ? 0 : sincePhrase + 1;
            double jump = Math.exp(-sincePhrase / 3.5);
            boolean number = tokens.get(t).strip().matches("\\d");
            waad[t] = (float) clamp(1.3 + 5.6 * jump + 0.7 * random.nextGaussian() * (0.4 + jump), 0, 10);
            double anchor = (sincePhrase == 1 ? 1.0 : sincePhrase == 0 ? 0.45 : 0.12) * (number ? 1.5 : 1);
            double decay = 0.02 + 0.10 / Math.sqrt(1 + t / 6.0);
            fai[t] = (float) (decay * anchor * Math.exp(0.55 * random.nextGaussian()));
            receiver[t] =
                    (float) Math.min(1, fai[t] * (anchor > 0.9 ? 2.6 : 0.7) * Math.exp(0.4 * random.nextGaussian()));
            entropy[t] = (float) Math.max(
                    0.001, 1.7 * jump * Math.abs(random.nextGaussian()) + 0.12 * Math.abs(random.nextGaussian()));
            logProbs[t] = (float) -Math.max(1e-5, entropy[t] * Math.abs(0.7 + 0.6 * random.nextGaussian()));
        }
        fai[length - 1] = Float.NaN; // no later token
        receiver[length - 1] = Float.NaN;
        Trace trace = new Trace(id, promptIds, ids, tokens, 0.7, reward);
        Observation seen = new Observation(
                logProbs,
                entropy,
                waad,
                fai,
                receiver,
                links(prompt.size(), fai, random),
                map ? map(prompt.size(), 72, random) : null);
        return new ReportRow(
                trace,
                seen,
                prompt,
                null,
                List.of(),
                new PeakPositions(peaks(waad), peaks(fai), peaks(receiver), peaks(entropy)));
    }

    /** With every head's own series: noise around the groups' means, each head with a scale of its own. */
    static ReportRow withHeads(ReportRow row) {
        Observation seen = row.observation();
        List<HeadRhythm> heads = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                Random random = new Random(layer * HEADS + head);
                float[] waad = new float[seen.waad().length];
                float[] fai = new float[waad.length];
                double scale = 0.2 + 1.5 * random.nextDouble();
                for (int t = 0; t < waad.length; t++) {
                    waad[t] = (float) clamp(seen.waad()[t] * scale + 0.5 * random.nextGaussian(), 0, 10);
                    fai[t] = (float) Math.min(1, seen.fai()[t] * scale * Math.exp(0.3 * random.nextGaussian()));
                }
                heads.add(new HeadRhythm(new Head(layer, head), waad, fai));
            }
        }
        return new ReportRow(row.trace(), seen, row.promptTokens(), null, heads, row.peaks());
    }

    /** What was seen where neither receivers nor links nor a map were asked for. */
    @SuppressWarnings("NullAway") // it does not read "float @Nullable []" from another module's class file
    static Observation observation(
            float[] logProbs, float[] entropyNats, float[] waad, float[] fai, @Nullable Links links) {
        return new Observation(logProbs, entropyNats, waad, fai, null, links, null);
    }

    private static boolean startsPhrase(List<String> tokens, int t) {
        String before = tokens.get(t - 1).strip();
        return before.isEmpty()
                || before.endsWith(".")
                || before.endsWith(",")
                || before.endsWith(":")
                || before.endsWith("?");
    }

    private static Links links(int promptLength, float[] fai, Random random) {
        int length = fai.length;
        int[][] globalPositions = new int[length][LINKS];
        float[][] globalWeights = new float[length][LINKS];
        int[][] localPositions = new int[length][LINKS];
        float[][] localWeights = new float[length][LINKS];
        List<Integer> anchors = new ArrayList<>(List.of(promptLength / 2, promptLength / 3, promptLength - 1, 3));
        for (int t = 0; t < length; t++) {
            int position = promptLength + t;
            List<Integer> strongest =
                    new ArrayList<>(anchors.subList(Math.max(0, anchors.size() - 12), anchors.size()));
            strongest.sort(Comparator.comparingDouble(p -> -weightOf(p, promptLength, fai)));
            for (int i = 0; i < LINKS; i++) {
                boolean known = i < strongest.size();
                globalPositions[t][i] = known ? strongest.get(i) : -1;
                globalWeights[t][i] =
                        known ? (float) (0.16 * Math.pow(0.78, i) * (0.9 + 0.1 * random.nextDouble())) : 0;
                boolean within = position - 1 - i >= 0;
                localPositions[t][i] = within ? position - 1 - i : -1;
                localWeights[t][i] =
                        within ? (float) (0.34 * Math.pow(0.62, i) * (0.9 + 0.1 * random.nextDouble())) : 0;
            }
            if (t < length - 1 && fai[t] > 0.03) {
                anchors.add(position);
            }
        }
        return new Links(globalPositions, globalWeights, localPositions, localWeights);
    }

    private static double weightOf(int position, int promptLength, float[] fai) {
        return position < promptLength ? 0.05 : fai[position - promptLength];
    }

    private static MeanMaps map(int start, int side, Random random) {
        float[] global = new float[side * side];
        float[] local = new float[side * side];
        for (int q = 0; q < side; q++) {
            double sumGlobal = 0;
            double sumLocal = 0;
            for (int k = 0; k <= q; k++) {
                global[q * side + k] = (float) (random.nextDouble() * (k % 13 == 2 ? 1.0 : 0.06));
                local[q * side + k] = (float) Math.exp(-(q - k) / (q % 11 < 3 ? 6.0 : 1.6));
                sumGlobal += global[q * side + k];
                sumLocal += local[q * side + k];
            }
            for (int k = 0; k <= q; k++) {
                global[q * side + k] /= (float) sumGlobal;
                local[q * side + k] /= (float) sumLocal;
            }
        }
        return new MeanMaps(start, start + side, global, local);
    }

    /** Local maxima among the largest 30% (docs/method.md, section 4), undefined values aside; plain and slow. */
    static int[] peaks(float[] series) {
        float[] defined = new float[series.length];
        int n = 0;
        for (float value : series) {
            if (!Float.isNaN(value)) {
                defined[n++] = value;
            }
        }
        Arrays.sort(defined, 0, n);
        float least = defined[n - (int) Math.ceil(PEAK_SHARE * n)];
        return IntStream.range(0, series.length)
                .filter(i -> series[i] >= least
                        && (i == 0 || !(series[i - 1] >= series[i]))
                        && (i == series.length - 1 || !(series[i + 1] > series[i])))
                .toArray();
    }

    static HeadGroups heads(long seed) {
        Random random = new Random(seed);
        TreeMap<Integer, float[]> spans = new TreeMap<>();
        float[][] rows = new float[LAYERS][];
        List<Head> all = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] row = new float[HEADS];
            for (int head = 0; head < HEADS; head++) {
                double middle = Math.sin(Math.PI * (layer + 1) / (LAYERS + 1));
                row[head] = (float) Math.exp(1.2 + 2.6 * middle + 1.1 * random.nextGaussian());
                all.add(new Head(layer, head));
            }
            rows[layer] = row;
            spans.put(layer, row);
        }
        List<Head> ordered = new ArrayList<>(all);
        ordered.sort(Comparator.comparingDouble(h -> rows[h.layer()][h.head()]));
        int share = (int) Math.ceil(0.3 * all.size() - 1e-9);
        List<Head> local = new ArrayList<>(ordered.subList(0, share));
        List<Head> global = new ArrayList<>(ordered.subList(all.size() - share, all.size()));
        List<Head> receiver = new ArrayList<>(IntStream.range(0, 27)
                .mapToObj(i -> all.get((i * 37 + 11) % all.size()))
                .toList());
        local.sort(null);
        global.sort(null);
        receiver.sort(null);
        return new HeadGroups(new ArrayList<>(spans.keySet()), spans, local, global, receiver, RhythmSettings.ANALYSIS);
    }

    private static List<LinkageResult> linkages() {
        LinkageKind entropy = LinkageKind.ENTROPY_AT_WAAD_PEAKS;
        LinkageKind receivers = LinkageKind.FAI_PEAKS_AT_RECEIVER_PEAKS;
        LinkageKind after = LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS;
        TokenScope all = TokenScope.ALL_TOKENS;
        TokenScope words = TokenScope.WITHOUT_PUNCTUATION;
        TokenScope tail = TokenScope.WITHOUT_TAIL;
        return List.of(
                linkage(entropy, all, 0.3608, 0.2386, new Interval(0.41, 0.63, 2000), 0.0005, 812),
                linkage(entropy, words, 0.3471, 0.2504, new Interval(0.27, 0.50, 2000), 0.0005, 611),
                linkage(entropy, tail, 0.3622, 0.2391, new Interval(0.41, 0.64, 2000), 0.0005, 774),
                linkage(receivers, all, 0.6084, 0.2241, new Interval(1.49, 1.93, 2000), 0.0005, 498),
                linkage(receivers, words, 0.5102, 0.2093, new Interval(1.17, 1.70, 2000), 0.0005, 377),
                linkage(receivers, tail, 0.6121, 0.2227, new Interval(1.52, 1.97, 2000), 0.0005, 471),
                linkage(after, all, 0.3931, 0.3687, new Interval(-0.02, 0.15, 2000), 0.0831, 724),
                linkage(after, words, 0.3702, 0.3655, new Interval(-0.09, 0.12, 2000), 0.4127, 548),
                linkage(after, tail, 0.25, 0, null, 0.31, 4));
    }

    private static LinkageResult linkage(
            LinkageKind kind,
            TokenScope scope,
            double observed,
            double chance,
            @Nullable Interval liftInterval,
            double p,
            int peaks) {
        Double lift = chance == 0 ? null : Double.valueOf((observed - chance) / chance);
        PeakTestResult test =
                new PeakTestResult(16, 4288, peaks, observed, chance, chance, lift, null, liftInterval, p, 2000);
        return new LinkageResult(kind, scope, test);
    }

    private static List<PeakOverlap> overlaps() {
        return List.of(
                overlap(Metric.RECEIVER_FAI, Metric.GLOBAL_FAI, 498, 389, 0.52),
                overlap(Metric.GLOBAL_FAI, Metric.WAAD, 724, 451, 0.49),
                overlap(Metric.ENTROPY, Metric.WAAD, 0, 0, null));
    }

    private static PeakOverlap overlap(Metric first, Metric second, int peaks, int matched, @Nullable Double chance) {
        Double share = peaks == 0 ? null : Double.valueOf(matched / (double) peaks);
        return new PeakOverlap(first, second, TokenScope.ALL_TOKENS, peaks, matched, 0, 0, share, chance);
    }

    private static double clamp(double value, double low, double high) {
        return Math.min(high, Math.max(low, value));
    }
}
