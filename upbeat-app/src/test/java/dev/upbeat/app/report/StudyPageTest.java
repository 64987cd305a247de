package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.StudyFiles;
import dev.upbeat.app.study.output.StudyReport;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A study's page in a narrow window. */
class StudyPageTest extends BrowserTest {
    @Test
    void aWideTableScrollsUnderItsCaptionAndTheCommandIsWhole() throws IOException {
        List<String> head = Collections.nCopies(12, "a long name of a column");
        List<Block.Cell> row = Collections.nCopies(12, Block.Cell.of("123456"));
        StudyReport report = new StudyReport(
                "A study",
                "upbeat study linkage models/countdown --prompts examples/countdown-prompts.jsonl --limit 8 --seed 0",
                List.of(),
                List.of(new StudyReport.Section(
                        "Section", List.of(new Block.Table("What the columns are.", head, List.of(row))))),
                Map.of());
        StudyFiles.write(directory, report, Map.of());
        try (Page page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(390, 800))) {
            page.navigate(directory.resolve("report.html").toUri().toString());
            assertThat(page.evaluate("(() => { const box = document.querySelector('.wide'); box.scrollLeft = 1e4;"
                            + " const left = document.querySelector('.caption').getBoundingClientRect().left;"
                            + " const table = document.querySelector('table'); return box.scrollLeft > 100 && left > 0"
                            + " && document.getElementById(table.getAttribute('aria-labelledby')).matches('.caption')"
                            + " && document.querySelector('.caption').scrollWidth <= innerWidth; })()"))
                    .isEqualTo(true);
            assertThat(
                            page.evaluate(
                                    "(() => { const command = document.querySelector('pre');"
                                            + " return command.scrollWidth <= command.clientWidth && document.documentElement.scrollWidth <= innerWidth; })()"))
                    .isEqualTo(true);
        }
    }
}
