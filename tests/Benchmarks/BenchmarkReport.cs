using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agentic.Benchmarks;

/// <summary>A file of measured figures under docs/results.</summary>
internal static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The checkout that holds the working directory.</summary>
    public static string Root
    {
        get
        {
            var root = new DirectoryInfo(Directory.GetCurrentDirectory());
            while (!File.Exists(Path.Combine(root.FullName, "Agentic.sln")))
            {
                root = root.Parent ?? throw new InvalidOperationException("run this inside the checkout");
            }

            return root.FullName;
        }
    }

    /// <summary>Writes docs/results/<paramref name="name"/>.json of the checkout.</summary>
    public static void Write(string name, string command, IReadOnlyList<Dictionary<string, object>> rows)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "docs", "results"));
        var environment = new { runtime = RuntimeInformation.FrameworkDescription, system = RuntimeInformation.OSDescription, cpu = Cpu(), cores = Environment.ProcessorCount };
        File.WriteAllText(Path.Combine(folder.FullName, name + ".json"), JsonSerializer.Serialize(new { name, command, environment, rows }, Format) + "\n");
    }

    private static string Cpu() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString() : File.ReadLines("/proc/cpuinfo")
        .First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
