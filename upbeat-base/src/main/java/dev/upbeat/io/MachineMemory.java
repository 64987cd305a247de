package dev.upbeat.io;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, of a container where Java sees that it runs in one. */
public final class MachineMemory {
    private MachineMemory() {}

    /** In bytes. */
    public static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
