// SPDX-License-Identifier: GPL-2.0
// Gives the kernel's dummy USB controller what a real one has: the link to its description by the
// firmware. libcamera makes the id of a USB camera from it, and shows no camera without.
#include <linux/acpi.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static struct device *controller;

static int __init firmware_link_init(void)
{
	struct acpi_device *bridge = acpi_dev_get_first_match_dev("PNP0A03", NULL, -1);
	int error = -ENODEV;

	controller = bus_find_device_by_name(&platform_bus_type, NULL, "dummy_hcd.0");
	if (controller && bridge)
		error = sysfs_create_link(&controller->kobj, &bridge->dev.kobj, "firmware_node");
	acpi_dev_put(bridge);
	if (error)
		put_device(controller);
	return error;
}

static void __exit firmware_link_exit(void)
{
	sysfs_remove_link(&controller->kobj, "firmware_node");
	put_device(controller);
}

module_init(firmware_link_init);
module_exit(firmware_link_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("firmware_node of dummy_hcd.0");
