package dev.upbeat.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks that this process has the settings of the launcher. */
final class Launch {
    /** By default glibc returns large buffers to the system at every free; page faults then dominate. */
    private static final Map<String, String> MALLOC = Map.of(
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", "34359738368");

    private static final String NO_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    private Launch() {}

    static Finding finding(Map<String, String> env) {
        List<String> lacking = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            MALLOC.forEach((name, value) -> {
                if (!value.equals(env.get(name))) {
                    lacking.add(name + "=" + value);
                }
            });
            if (!env.getOrDefault("GLIBC_TUNABLES", "").contains("glibc.malloc.hugetlb=1")) {
                lacking.add("GLIBC_TUNABLES=glibc.malloc.hugetlb=1");
            }
        }
        if (!"0".equals(System.getProperty(NO_LIMIT))) {
            lacking.add("-D" + NO_LIMIT + "=0");
        }
        if (lacking.isEmpty()) {
            return Finding.ok("launcher", "memory allocator and limits are set");
        }
        lacking.sort(null);
        return Finding.note(
                "launcher",
                "not set: " + String.join(" ", lacking),
                "start Upbeat with ./upbeat, or set these yourself: without them large operations may take "
                        + "several times as long,"
                        + " and native memory is capped at four times Java's heap");
    }
}
