package dev.upbeat.app.report;

import dev.upbeat.io.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page without its data. Its modules are plain ES modules that import each other as {@code upbeat/name.js}; in the
 * single file an import map resolves these names to data: URLs of the sources without comments and indentation. A
 * content security policy forbids all other scripts and all requests.
 *
 * @param beforeData everything up to the place of the data
 * @param afterData everything after it
 */
record PageTemplate(String beforeData, String afterData) {
    static final List<String> MODULES = List.of(
            "arcs.js",
            "axis.js",
            "beat.js",
            "beside.js",
            "bidi.js",
            "charts.js",
            "comparison.js",
            "couplings.js",
            "csv.js",
            "curves.js",
            "data.js",
            "dom.js",
            "export.js",
            "figure.js",
            "figurebeat.js",
            "figuretext.js",
            "findings.js",
            "flow.js",
            "grid.js",
            "headcurves.js",
            "heads.js",
            "inspector.js",
            "keys.js",
            "main.js",
            "map.js",
            "menu.js",
            "metrics.js",
            "numbers.js",
            "overview.js",
            "paint.js",
            "pane.js",
            "reading.js",
            "search.js",
            "sentences.js",
            "shapes.js",
            "state.js",
            "steps.js",
            "summary.js",
            "text.js",
            "theme.js",
            "token.js",
            "toolbar.js",
            "track.js",
            "training.js",
            "traces.js",
            "wrap.js");
    static final List<String> STYLES =
            List.of("base.css", "layout.css", "controls.css", "text.css", "curves.css", "panels.css", "tabs.css");

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final String DATA = "{{data}}";

    static PageTemplate load() {
        String imports = importMap();
        String start = resource("web/start.js");
        String policy = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src data: '"
                + sha256(imports) + "' '" + sha256(start) + "'";
        String page = resource("web/page.html")
                .replace("{{policy}}", policy)
                .replace("{{uplot-license}}", resource(UPLOT + "LICENSE").strip())
                .replace("{{styles}}", styles())
                .replace("{{imports}}", imports)
                .replace("{{start}}", start);
        int data = page.indexOf(DATA);
        return new PageTemplate(page.substring(0, data), page.substring(data + DATA.length()));
    }

    /** All styles of the page. */
    static String styles() {
        return Stream.concat(
                        Stream.of(resource(UPLOT + "dist/uPlot.min.css")),
                        STYLES.stream().map(name -> resource("web/" + name)))
                .collect(Collectors.joining("\n"));
    }

    /** uPlot as a module. */
    static String uplot() {
        return resource(UPLOT + "dist/uPlot.iife.min.js") + "\nexport default uPlot;\n";
    }

    private static String importMap() {
        return MODULES.stream()
                .map(name -> entry("upbeat/" + name, compact(resource("web/" + name))))
                .collect(Collectors.joining(",\n", "{\"imports\":{\n" + entry("uplot", uplot()) + ",\n", "\n}}"));
    }

    /** A module without comments of whole lines and without indentation, which are a fifth of its size. */
    private static String compact(String module) {
        return module.replaceAll("(?m)^\\s*//.*\n", "")
                .replaceAll("(?ms)^\\s*/\\*\\*.*?\\*/\n", "")
                .replaceAll("(?m)^\\s+", "");
    }

    private static String entry(String name, String source) {
        return "\"" + name + "\":\"data:text/javascript;charset=utf-8," + percentEncoded(source) + "\"";
    }

    /**
     * A text as part of a URL in a JSON string in a script element: only the characters that would end one of these, or
     * that a URL loses, are encoded. That takes a quarter less than base64.
     */
    private static String percentEncoded(String text) {
        return text.replace("%", "%25")
                .replace("#", "%23")
                .replace("\n", "%0A")
                .replace("\t", "%09")
                .replace("\"", "%22")
                .replace("\\", "%5C")
                .replace("<", "%3C");
    }

    private static String sha256(String text) {
        byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private static String resource(String name) {
        return Resources.text(PageTemplate.class, name);
    }
}
