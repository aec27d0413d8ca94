using Agentic.Cli;

using var interruption = Interruption.Watch();
return await Application.RunAsync(args, Terminal.OfProcess(), interruption.Token).ConfigureAwait(false);
