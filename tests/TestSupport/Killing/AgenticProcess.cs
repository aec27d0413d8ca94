using System.Diagnostics;

namespace Agentic.TestSupport;

/// <summary>The executable in a process of its own; it lies beside the tests of a project that refers to the command line.</summary>
public static class AgenticProcess
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "agentic.exe" : "agentic");

    /// <summary>How a process ended: its exit code and what it printed; null as code when it was killed.</summary>
    public sealed record Outcome(int? Code, string Out, string Error, TimeSpan Duration);

    /// <summary>Runs to the end.</summary>
    public static Task<Outcome> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(arguments, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Kills the process (SIGKILL) when it still runs after <paramref name="killAfter"/>.</summary>
    public static async Task<Outcome> RunAsync(IReadOnlyList<string> arguments, TimeSpan killAfter, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var killed = false;
        try
        {
            using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            kill.CancelAfter(killAfter);
            await process.WaitForExitAsync(kill.Token);
        }
        catch (OperationCanceledException)
        {
            killed = !process.HasExited;
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new Outcome(killed ? null : process.ExitCode, await output, await error, watch.Elapsed);
    }

    /// <summary>Sends a signal, such as INT, at a moment of the run, and waits for the end. Needs a Unix shell.</summary>
    public static async Task<Outcome> RunAsync(IReadOnlyList<string> arguments, string signal, Task moment, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var end = process.WaitForExitAsync(cancellationToken);
        await Task.WhenAny(moment, end);
        using var sender = Process.Start("sh", ["-c", $"kill -s {signal} {process.Id}"]);
        await end;
        return new Outcome(process.ExitCode, await output, await error, watch.Elapsed);
    }

    private static Process Start(IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
