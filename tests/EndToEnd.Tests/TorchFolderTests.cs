using System.Diagnostics;

namespace Agentic.EndToEnd.Tests;

/// <summary>The loading of libtorch happens once a process, so its errors are seen from outside.</summary>
public sealed class TorchFolderTests
{
    [Fact]
    public async Task A_folder_without_libtorch_is_named_with_the_remedy_and_commands_without_tensors_do_not_mind()
    {
        using var folder = new TempFolder();
        var model = Path.Combine(folder.Path, "model");
        ModelCommandTests.Train(model);
        string[] create = ["model", "new", "--tokenizer", model, "--hidden", "8", "--layers", "1", "--heads", "1", "--out", Path.Combine(folder.Path, "made")];

        var (code, error) = await RunAsync(folder.Path, create);
        var (version, _) = await RunAsync(folder.Path, "--version");

        Assert.Equal(2, code);
        Assert.Contains($"{Path.Combine(folder.Path, "libc10.so")} is missing: TORCH_LIB_DIR must name the folder", error, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=cpu", error, StringComparison.Ordinal);
        Assert.Equal(0, version);
    }

    private static async Task<(int Code, string Error)> RunAsync(string torchFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "agentic.exe" : "agentic"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["TORCH_LIB_DIR"] = torchFolder },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }
}
