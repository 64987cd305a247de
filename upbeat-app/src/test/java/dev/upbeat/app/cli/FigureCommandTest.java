package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code upbeat figure} over a run of a tiny model. */
class FigureCommandTest {
    @TempDir
    static Path shared;

    private static Path run;

    @TempDir
    Path directory;

    @BeforeAll
    static void measure() {
        Path model = TinyModel.write(shared.resolve("tiny"));
        Path traces = TinyModel.traces(shared.resolve("traces.jsonl"), 3, 4, 20);
        run = shared.resolve("run");
        Cli.upbeat("analyze", model, "--traces", traces, "--out", run).done();
    }

    @Test
    void anSvgShowsEveryTokenAndCurve() throws Exception {
        Path file = directory.resolve("a.svg");
        Cli done = Cli.upbeat("figure", run, "--trace", "t1", "--out", file).done();
        assertThat(done.out()).isEqualToIgnoringNewLines("figure: " + file);
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(file)));
        List<String> tokens = elements(document, "text").stream()
                .filter(text -> text.getAttribute("class").equals("token"))
                .map(Element::getTextContent)
                .toList();
        JsonNode row = Cli.query(run, "SELECT response_ids, waad FROM traces WHERE id = 't1'")
                .get(0);
        List<String> ids = IntStream.range(0, row.get("response_ids").size())
                .mapToObj(t -> "\u27e8" + row.get("response_ids").get(t).intValue() + "\u27e9")
                .toList();
        assertThat(tokens).isEqualTo(ids);
        String[] waad = elements(document, "path").stream()
                .filter(path -> path.getAttribute("stroke-width").equals("1.3"))
                .findFirst()
                .orElseThrow()
                .getAttribute("d")
                .split("[ML ]+");
        assertThat(waad).hasSize(1 + 2 * ids.size());
        // Pixels fall where values rise, in one proportion.
        double scale = (y(waad, 1) - y(waad, 0))
                / (row.get("waad").get(1).doubleValue() - row.get("waad").get(0).doubleValue());
        assertThat(scale).isNegative();
        for (int t = 1; t < ids.size(); t++) {
            double moved = scale
                    * (row.get("waad").get(t).doubleValue()
                            - row.get("waad").get(0).doubleValue());
            assertThat(y(waad, t) - y(waad, 0)).isCloseTo(moved, org.assertj.core.api.Assertions.within(0.5));
        }
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .contains("libtorch: ");
    }

    @Test
    void chunksAndCouplingsAreThoseOfSql() throws Exception {
        Document document = svg("with.svg");
        List<JsonNode> couplings =
                Cli.query(run, "SELECT intro, anchor FROM couplings WHERE trace_id = 't1' ORDER BY anchor");
        List<JsonNode> chunks =
                Cli.query(run, "SELECT start, \"end\" FROM chunks WHERE trace_id = 't1' ORDER BY start");
        long responseTokens = elements(document, "text").stream()
                .filter(text -> text.getAttribute("class").equals("token"))
                .count();
        double tokenWidth = 778.0 / (responseTokens - 1); // 778: width of the plots
        List<String[]> brackets = elements(document, "path").stream()
                .map(path -> path.getAttribute("d").split("[ML ]+"))
                .filter(d -> d.length == 9 && d[2].equals(d[8]) && d[4].equals(d[6]))
                .toList();
        assertThat(brackets).hasSize(couplings.size()).isNotEmpty();
        for (int i = 0; i < brackets.size(); i++) {
            int tokens = couplings.get(i).get("anchor").intValue()
                    - couplings.get(i).get("intro").intValue();
            assertThat(Double.parseDouble(brackets.get(i)[7]) - Double.parseDouble(brackets.get(i)[1]))
                    .isCloseTo(tokens * tokenWidth, org.assertj.core.api.Assertions.within(0.2));
        }
        int shaded = 0;
        for (int i = 1; i < chunks.size(); i += 2) {
            shaded += chunks.get(i).get("end").intValue()
                    - chunks.get(i).get("start").intValue();
        }
        assertThat(rectangles(document, "#dddde0")).isEqualTo(shaded).isPositive();
        assertThat(rectangles(document, "#efeff0")).isEqualTo(2L * (chunks.size() / 2));

        Document without = svg("without.svg", "--chunks", "off", "--couplings", "off");
        assertThat(rectangles(without, "#dddde0") + rectangles(without, "#efeff0"))
                .isZero();
        assertThat(texts(document)).contains("couplings", "grey: every other chunk");
        assertThat(texts(without)).doesNotContain("couplings", "grey: every other chunk");
    }

    private Document svg(String name, Object... options) throws Exception {
        Path file = directory.resolve(name);
        Object[] given = Stream.concat(Stream.of("--trace", "t1", "--out", file), Stream.of(options))
                .toArray();
        figure(given).done();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static long rectangles(Document document, String fill) {
        return elements(document, "rect").stream()
                .filter(rectangle -> rectangle.getAttribute("fill").equals(fill))
                .count();
    }

    private static List<String> texts(Document document) {
        return elements(document, "text").stream().map(Element::getTextContent).toList();
    }

    @Test
    void aPngShowsTextAndCurves() throws Exception {
        Path file = directory.resolve("a.png");
        Cli.upbeat("figure", run, "--trace", "t0", "--metrics", "fai,entropy_nats", "--tokens", "2:12", "--out", file)
                .done();
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1800);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        assertThat(colours).contains(0xffffff, 0x1f5fa8, 0xb8400f).as("text").contains(0x1b1e24);
    }

    @Test
    void badInputIsRefusedBeforeAnyFileIsWritten() throws Exception {
        Path file = directory.resolve("a.svg");
        figure("--trace", "t9", "--out", file).refused("no trace 't9'", "did you mean t0?", "t0, t1, t2");
        figure("--trace", "t0", "--metrics", "waad,fay", "--out", file)
                .refused("no metric 'fay'", "waad, fai, receiver_fai, entropy_nats, log_prob", "Did you mean fai?");
        figure("--trace", "t0", "--metrics", ",", "--out", file).refused("--metrics has no items", "NAME");
        figure("--trace", "t0", "--metrics", "fai,fai", "--out", file)
                .refused("the metrics are [fai, fai]", "each once");
        figure("--trace", "t0", "--tokens", "3:99", "--out", file).refused("3:99", "END <= 20");
        figure("--trace", "t0", "--tokens", "3", "--out", file).refused("--tokens 3", "0:40");
        figure("--trace", "t0", "--out", directory.resolve("a.pdf")).refused("a.pdf", ".svg or .png");
        figure("--trace", "t0", "--out", directory.resolve("none/a.svg")).refused("there is no directory");
        Cli.upbeat("figure", directory, "--trace", "t0", "--out", file).refused("has no traces.parquet");
        assertThat(file).doesNotExist();
        Files.writeString(file, "mine");
        figure("--trace", "t0", "--out", file).refused("exists already", "--force");
        assertThat(file).hasContent("mine");
        figure("--trace", "t0", "--out", file, "--force").done();
        assertThat(Cli.names(directory)).containsExactly("a.svg");
    }

    private static Cli figure(Object... options) {
        Object[] args = new Object[options.length + 2];
        args[0] = "figure";
        args[1] = run;
        System.arraycopy(options, 0, args, 2, options.length);
        return Cli.upbeat(args);
    }

    private static double y(String[] path, int t) {
        return Double.parseDouble(path[2 + 2 * t]);
    }

    private static List<Element> elements(Document document, String name) {
        NodeList all = document.getElementsByTagName(name);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .toList();
    }
}
