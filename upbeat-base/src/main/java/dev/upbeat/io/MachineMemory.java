package dev.upbeat.io;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Memory of this machine, or of the container if Java detects one. */
public final class MachineMemory {
    private MachineMemory() {}

    /** Total memory, bytes. */
    public static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
