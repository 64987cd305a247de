package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is read from right to left, and characters that turn text around. */
class RightToLeftTest extends BrowserTest {
    private static final List<String> HEBREW = List.of("תש", "ובה", " היא", " 42", " מט", "רים", ".", "\n");
    private static final List<String> ARABIC = List.of("الج", "واب", " هو", " 42", " متر", "ا", ".", "\n");
    private static final List<String> ENGLISH =
            List.of("The", " answer", " is", " 42", " (", "שלום", " עולם", ").", "\n");

    private PageSession open(List<String> tokens, String hash, int width, ColorScheme scheme) throws IOException {
        List<String> response = new ArrayList<>(tokens);
        ReportRow row = DemoReport.row("a", List.of("שא", "לה", "?", "\n"), response, 1, 0, false);
        return PageSession.open(chromium, directory, DemoReport.report(List.of(row)), hash, width, 900, scheme);
    }

    private static List<String> all() {
        List<String> tokens = new ArrayList<>(HEBREW);
        tokens.addAll(ARABIC);
        tokens.addAll(ENGLISH);
        return tokens;
    }

    private static BoundingBox box(PageSession s, int token) {
        return s.token(token).boundingBox();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#view=sentences"})
    void tokensOfHebrewAndArabicRunFromRightToLeft(String hash) throws IOException {
        try (PageSession s = open(all(), hash, 1280, ColorScheme.LIGHT)) {
            for (int paragraph = 0; paragraph < 2; paragraph++) {
                int start = paragraph * HEBREW.size();
                for (int t = start; t + 1 < start + HEBREW.size(); t++) {
                    assertThat(box(s, t + 1).x).as("token %d", t + 1).isLessThan(box(s, t).x);
                    assertThat(box(s, t + 1).y).isEqualTo(box(s, t).y);
                }
                BoundingBox sheet = s.page.locator(".sheet").boundingBox();
                assertThat(box(s, start).x + box(s, start).width)
                        .as("a paragraph begins at the right edge")
                        .isGreaterThan(sheet.x + sheet.width - 20);
            }
        }
    }

    @Test
    void aHebrewQuotationInEnglishRunsFromRightToLeft() throws IOException {
        try (PageSession s = open(all(), "", 1280, ColorScheme.LIGHT)) {
            int start = HEBREW.size() + ARABIC.size();
            for (int t = start; t < start + 4; t++) {
                assertThat(box(s, t + 1).x).as("token %d", t + 1).isGreaterThan(box(s, t).x);
            }
            assertThat(box(s, start + 6).x).as("the second Hebrew word").isLessThan(box(s, start + 5).x);
            assertThat(box(s, start + 6).x).as("behind the bracket").isGreaterThan(box(s, start + 4).x);
        }
    }

    @Test
    void longHebrewParagraphsBreakIntoLinesFromTopToBottom() throws IOException {
        List<String> tokens = new ArrayList<>();
        Collections.nCopies(60, List.of(" מט", "רים", " ארוכים")).forEach(tokens::addAll);
        try (PageSession s = open(tokens, "", 700, ColorScheme.DARK)) {
            double above = 0;
            BoundingBox sheet = s.page.locator(".sheet").boundingBox();
            for (int t = 0; t < tokens.size() && s.token(t).count() > 0; t++) {
                BoundingBox box = box(s, t);
                assertThat(box.y).isGreaterThanOrEqualTo(above);
                assertThat(box.x).isGreaterThanOrEqualTo(sheet.x - 1);
                above = box.y;
            }
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void charactersThatReorderTextAreSignsInTextAndPreview() throws IOException {
        List<String> tokens = new ArrayList<>();
        for (int c :
                new int[] {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x61C
                }) {
            tokens.add("x" + Character.toString(c) + "y");
        }
        try (PageSession s = open(tokens, "", 1280, ColorScheme.LIGHT)) {
            String page = s.page.locator("body").innerText();
            assertThat(page).doesNotContainPattern("[\\u202A-\\u202E\\u2066-\\u2069\\u200E\\u200F\\u061C]");
            assertThat(s.token(4).textContent()).contains("202E");
            assertThat(s.page.locator(".preview").first().textContent()).contains("x⟨202A⟩y", "x⟨202E⟩y");
            assertThat(box(s, 5).x).isGreaterThan(box(s, 4).x);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 830, 1280})
    void theNoteOfDenseCurvesLiesBesideTheAxisTitle(int width) throws IOException {
        List<String> tokens = Collections.nCopies(8_000, " word");
        try (PageSession s = open(tokens, "", width, ColorScheme.LIGHT)) {
            assertThat(s.page.locator(".curves .foot .note").isVisible()).isTrue();
            BoundingBox title = s.page.locator(".curves .foot span").first().boundingBox();
            BoundingBox note = s.page.locator(".curves .foot .note").boundingBox();
            boolean beside = note.x >= title.x + title.width || note.y >= title.y + title.height;
            assertThat(beside)
                    .as("title %s, note %s".formatted(text(title), text(note)))
                    .isTrue();
            BoundingBox plot = s.page.locator(".curve .uplot").last().boundingBox();
            assertThat(title.y).isGreaterThanOrEqualTo(plot.y + plot.height - 1);
        }
    }

    private static String text(BoundingBox box) {
        return "%s %s %s %s".formatted(box.x, box.y, box.width, box.height);
    }
}
