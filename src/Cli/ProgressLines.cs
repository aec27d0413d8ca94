namespace Agentic.Cli;

/// <summary>Progress as plain lines on standard error, at most one in two seconds and the last one always: short runs stay silent.</summary>
internal sealed class ProgressLines<T>(TextWriter error, TimeProvider clock, Func<T, string> line) : IProgress<T>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long _last = clock.GetTimestamp();

    public void Report(T value)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_last) >= Pause)
            {
                _last = clock.GetTimestamp();
                error.WriteLine(line(value));
            }
        }
    }
}
