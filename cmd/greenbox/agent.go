package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/agent"
	"github.com/spf13/cobra"
)

func agentCommand() *cobra.Command {
	c := &cobra.Command{
		Use:    "agent",
		Short:  "Run on a node: shells, files, names and routes",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return agent.Serve(cmd.Context(), agent.DefaultConfig(slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))))
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "connect",
		Short: "Join stdin and stdout to the agent of this node",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return agent.Connect(cmd.Context(), agent.Socket, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}, &cobra.Command{
		Use:   "resolve NAME",
		Short: "Ask the cluster's DNS, through its Service, for an address",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			addrs, err := resolve(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), addrs)
			return nil
		},
	})
	return c
}

// clusterDNS is the address of the kube-dns Service: the tenth of the Service
// network, as kubeadm gives it.
const clusterDNS = "10.96.0.10:53"

func resolve(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, clusterDNS)
	}}
	return r.LookupHost(ctx, name+".")
}
