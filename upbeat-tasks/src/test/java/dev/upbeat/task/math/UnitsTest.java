package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units as LaTeX writes them. Of each line the first is the gold, the second the response. */
class UnitsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    15                            # 15~\\mathrm{m/s}
                    15                            # 15\\text{ N}\\cdot\\text{m}
                    15                            # 15\\frac{\\text{m}}{\\text{s}}
                    15                            # 15\\text{ }\\text{cm}
                    15                            # 15\\mathrm{~}\\mathrm{cm}
                    15                            # 15\\text{ }\\text{ft}\\cdot\\text{lb}
                    15                            # 15\\ \\mathrm{kg\\,m^2/s}
                    15                            # 15\\,\\frac{\\mathrm{m}}{\\mathrm{s}^2}
                    15 \\mathrm{~m} / \\mathrm{s} # 15 \\text{ m/s}
                    15 \\mathrm{~m} / \\mathrm{s} # 15
                    15                            # 15 m/s
                    15                            # 15\\text{ m}\\,\\text{s}^{-1}
                    15\\text{ m/s}                # 15\\text{ meters per second}
                    15\\text{ m/s}                # 15\\ \\mathrm{m\\,s^{-1}}
                    15\\text{ m/s}^2              # 15\\frac{\\text{m}}{\\text{s}^2}
                    60\\text{ km/h}               # 60 km/h
                    60                            # 60\\frac{km}{h}
                    5\\times 10^{3}               # 5\\times10^3~\\text{W}\\cdot\\text{m}^{-2}
                    15                            # 15~\\text{kg}\\cdot\\text{m}/\\text{s}^2
                    15                            # 15\\ \\Omega
                    15                            # 15\\,\\mu\\text{m}
                    15                            # 15 \\text{ μm}
                    25^\\circ\\text{C}            # 25
                    25                            # 25^{\\circ}\\mathrm{C}
                    25                            # 25°C
                    15\\text{ kW}                 # 15\\text{ kilowatts}
                    12                            # 12\\text{ square units}
                    12\\text{ cm}^2               # 12\\text{ sq cm}
                    5                             # 5\\text{ hours}
                    20\\text{ miles}              # 20\\text{ miles apart}
                    15                            # \\frac{30}{2}\\text{ m}
                    \\frac{1}{2}\\text{ ft}       # 0.5\\text{ feet}
                    3.0e8                         # 3\\times 10^8 \\mathrm{~m/s}
                    2\\pi\\text{ rad/s}           # 2\\pi
                    15                            # 15\\text{ dollars per hour}
                    5                             # 5 \\text{ apples}
                    100                           # 100 \\text{ m} ^2
                    """)
    void equalUnitsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    25^\\circ\\text{C}             # 25^\\circ\\text{F}
                    15\\text{ m/s}                 # 15\\text{ km/h}
                    15\\text{ m/s}                 # 15\\text{ m/s}^2
                    15\\text{ m}                   # 15\\text{ cm}
                    15\\text{ N}\\cdot\\text{m}    # 15\\text{ N}
                    15\\frac{\\text{m}}{\\text{s}} # 15\\frac{\\text{km}}{\\text{s}}
                    15                             # 16~\\mathrm{m/s}
                    15                             # 15\\frac{m}{n}
                    15                             # 15x
                    15                             # 15\\frac{2}{3}
                    15\\text{ mW}                  # 15\\text{ MW}
                    5\\text{ hours}                # 5\\text{ minutes}
                    5                              # 5^2\\text{ m}
                    """)
    void otherUnitsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
